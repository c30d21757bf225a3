package io.janklab.workloads.cli.replay;

import io.janklab.allocator.HeapExtent;
import io.janklab.allocator.HeapExtent.State;
import io.janklab.dashboards.report.html.Html;
import io.janklab.workloads.replay.HeapPicture;
import io.janklab.workloads.replay.HeapSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One page that shows where a heap's pages were in use, and where they lay unused between those, over a trace.
final class HeapPage {
    private static final int KIB = 1024;
    private static final Map<State, String> COLOURS =
            Map.of(State.ACTIVE, "#1f77b4", State.DIRTY, "#d62728", State.MUZZY, "#ff9f40", State.RETAINED, "#c7c7c7");
    private static final Map<State, String> MEANINGS = Map.of(
            State.ACTIVE, "holds blocks",
            State.DIRTY, "unused, the kernel keeps the pages",
            State.MUZZY, "unused, the kernel may take the pages",
            State.RETAINED, "address space only");

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Heap over time</title>
            <style>
            body { font: 15px/1.4 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
            svg { width: 100%; height: 30rem; border: 1px solid gray }
            td, th { padding: .2rem .8rem; text-align: right }
            td:first-child, th:first-child { text-align: left }
            i { display: inline-block; width: .8rem; height: .8rem; margin-right: .5rem }
            </style></head><body>
            """;

    /// @param where ` on 6.17`, or nothing
    record Heap(String where, List<HeapSnapshot> snapshots) {}

    private HeapPage() {}

    static String of(List<Heap> heaps) {
        StringBuilder page = new StringBuilder(HEAD);
        heaps.forEach(heap -> show(page, heap));
        return page.append("</body></html>\n").toString();
    }

    private static void show(StringBuilder page, Heap heap) {
        List<HeapSnapshot> snapshots = heap.snapshots();
        HeapPicture picture = new HeapPicture(snapshots);
        page.append("<h1>Heap over time").append(Html.escape(heap.where())).append("</h1>\n");
        long operations = snapshots.isEmpty() ? 0 : snapshots.getLast().operation();
        page.append(String.format(Locale.ROOT, """
                <p>From left to right %,d operations; from bottom to top %,d KiB of addresses a row, those never used left out.</p>
                """, operations, picture.rowBytes() / KIB));
        svg(page, picture);
        table(page, snapshots.isEmpty() ? List.of() : snapshots.getLast().extents());
    }

    private static void svg(StringBuilder page, HeapPicture picture) {
        page.append(String.format(Locale.ROOT, """
                <svg viewBox="0 0 %d %d" preserveAspectRatio="none" shape-rendering="crispEdges" role="img"
                    aria-label="States of the heap's pages over addresses and time">
                """, Math.max(1, picture.columns()), Math.max(1, picture.rows())));
        for (State state : State.values()) {
            page.append("<path fill=\"").append(COLOURS.get(state)).append("\" d=\"").append(picture.path(state)).append("\"/>\n");
        }
        page.append("</svg>\n");
    }

    private static void table(StringBuilder page, List<HeapExtent> extents) {
        page.append("<table><tr><th>at the end</th><th>extents</th><th>KiB</th><th>largest, KiB</th></tr>\n");
        for (State state : State.values()) {
            long[] sizes = extents.stream().filter(extent -> extent.state() == state).mapToLong(HeapExtent::bytes).sorted().toArray();
            long largest = sizes.length == 0 ? 0 : sizes[sizes.length - 1];
            String name = state.name().toLowerCase(Locale.ROOT);
            page.append(String.format(Locale.ROOT, """
                    <tr><td><i style="background:%s"></i>%s: %s</td><td>%,d</td><td>%,d</td><td>%,d</td></tr>
                    """,
                    COLOURS.get(state), name, MEANINGS.get(state), sizes.length, sum(sizes) / KIB, largest / KIB));
        }
        page.append("</table>\n");
    }

    private static long sum(long[] sizes) {
        long sum = 0;
        for (long size : sizes) {
            sum += size;
        }
        return sum;
    }
}
