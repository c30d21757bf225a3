package io.janklab.workloads.cli.replay;

import io.janklab.allocator.HeapExtent;
import io.janklab.allocator.HeapExtent.State;
import io.janklab.dashboards.report.html.PlainPage;
import io.janklab.workloads.replay.HeapPicture;
import io.janklab.workloads.replay.HeapSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

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
    private static final String STYLE = """
            figure svg { width: 100%; height: 30rem; border: 1px solid var(--line); background: var(--band); }
            .axis { display: flex; justify-content: space-between; color: var(--faint); font-size: 13px; margin: 0 0 8px; max-width: none; }
            """;

    /// @param kernel its name; empty where there is none under the heap
    record Heap(String kernel, List<HeapSnapshot> snapshots) {}

    private final PlainPage page;

    private HeapPage(String trace, String allocator) {
        page = new PlainPage("Heap of " + trace + " over time", "Janklab · " + allocator, STYLE);
    }

    /// @param trace the name of what was replayed
    /// @param allocator which heap it is, and where
    static String of(String trace, String allocator, List<Heap> heaps) {
        HeapPage page = new HeapPage(trace, allocator);
        page.legend();
        heaps.forEach(page::show);
        return page.page.toString();
    }

    private void legend() {
        page.paragraph("Each picture shows the heap's address space, the lowest addresses at the bottom, from the first operation to the "
                + "last. What was used and is no more stays mapped until it is purged: red between blue is fragmentation.");
        List<State> states = List.of(State.values());
        page.legend(states.stream().map(state -> COLOURS.getOrDefault(state, "")).toList(),
                states.stream().map(HeapPage::inWords).toList());
    }

    private static String inWords(State state) {
        return state.name().toLowerCase(Locale.ROOT) + ": " + MEANINGS.get(state);
    }

    private void show(Heap heap) {
        List<HeapSnapshot> snapshots = heap.snapshots();
        HeapPicture picture = new HeapPicture(snapshots);
        page.heading(heap.kernel().isEmpty() ? "The heap alone" : "On " + heap.kernel());
        long operations = snapshots.isEmpty() ? 0 : snapshots.getLast().operation();
        page.picture(String.format(Locale.ROOT, "Addresses over operations; a row is %,d KiB, those never used are left out",
                picture.rowBytes() / KIB), svg(picture) + axis(operations));
        table(snapshots.isEmpty() ? List.of() : snapshots.getLast().extents());
    }

    private static String svg(HeapPicture picture) {
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg viewBox="0 0 %d %d" preserveAspectRatio="none" shape-rendering="crispEdges" role="img"
                    aria-label="States of the heap's pages over addresses and time; the table below has those at the end">
                """, Math.max(1, picture.columns()), Math.max(1, picture.rows())));
        for (State state : State.values()) {
            svg.append("<path fill=\"").append(COLOURS.get(state)).append("\" d=\"").append(picture.path(state)).append("\"/>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    /// Operations below the picture: the first, the middle one and the last.
    private static String axis(long operations) {
        return String.format(Locale.ROOT, "<p class=\"axis\"><span>0</span><span>%,d</span><span>%,d operations</span></p>\n",
                operations / 2, operations);
    }

    private void table(List<HeapExtent> extents) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("at the end", "extents", "KiB", "largest, KiB")));
        for (State state : State.values()) {
            long[] sizes = extents.stream().filter(extent -> extent.state() == state).mapToLong(HeapExtent::bytes).sorted().toArray();
            long largest = sizes.length == 0 ? 0 : sizes[sizes.length - 1];
            rows.add(Stream.concat(Stream.of(inWords(state)),
                    Stream.of((long) sizes.length, sum(sizes) / KIB, largest / KIB).map(size -> String.format(Locale.ROOT, "%,d", size)))
                    .toList());
        }
        page.table(rows);
    }

    private static long sum(long[] sizes) {
        long sum = 0;
        for (long size : sizes) {
            sum += size;
        }
        return sum;
    }
}
