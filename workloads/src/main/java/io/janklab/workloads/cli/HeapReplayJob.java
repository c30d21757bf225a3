package io.janklab.workloads.cli;

import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.HeapOnlyReplay;
import io.janklab.workloads.replay.HeapReplay;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `janklab replay --heap-only`: run, write the folder if one is wanted, print.
final class HeapReplayJob {
    private static final int EVERY = 10_000;
    private static final String CSV = "heap.csv";

    private final ReplayCommand options;
    private final CommonOptions common;

    HeapReplayJob(ReplayCommand options) {
        this.options = options;
        this.common = options.common;
    }

    void run(AllocationTrace trace, HeapConfig heap) {
        if (options.csv) {
            common.printResultsOnly();
        }
        Optional<OutputFolder> folder = common.folder(RunFiles.RESULT, "samples");
        int every = options.every == null ? EVERY : options.every;
        boolean warm = !options.cold && !options.byThread;
        HeapOnlyReplay replay = new HeapOnlyReplay(trace, heap, options.byThread, warm, every, common.seed());
        HeapOnlyReplay.Result result = replay.execute();
        common.verify(List.of(csv(result)), () -> List.of(csv(replay.execute())));
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve(CSV), csv(result));
            Files.writeString(making.resolve(RunFiles.RESULT), json(trace, heap, result));
        }));
        common.print(() -> options.csv ? csv(result) : summary(trace, heap, result), () -> json(trace, heap, result));
        common.remarkWritten(List.of(CSV, RunFiles.RESULT));
    }

    private static String csv(HeapOnlyReplay.Result result) {
        StringBuilder text = new StringBuilder("op,allocated,active,resident\n");
        for (HeapReplay.Sample sample : result.samples()) {
            text.append(sample.operation()).append(',').append(sample.allocated()).append(',').append(sample.active()).append(',')
                    .append(sample.resident()).append('\n');
        }
        return text.toString();
    }

    private String summary(AllocationTrace trace, HeapConfig heap, HeapOnlyReplay.Result result) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        HeapReplay.Sample last = result.last();
        HeapStats stats = result.stats();
        out.printf(Locale.ROOT, "%s: %,d operations of %,d records by %d threads, replayed by %s on %s%n", trace.name(), last.operation(),
                trace.records(), trace.threadCount(), options.byThread ? "as many" : "one", options.preset);
        out.println(heap);
        out.printf(Locale.ROOT, "%n%-12s%16s%16s%n", "bytes", "highest seen", "at the end");
        row(out, "allocated", highest(result, HeapReplay.Sample::allocated), last.allocated());
        row(out, "active", highest(result, HeapReplay.Sample::active), last.active());
        row(out, "resident", highest(result, HeapReplay.Sample::resident), last.resident());
        if (!options.byThread && !options.cold) {
            out.println("These are on top of the replayer's own bookkeeping, which lies on the same heap; --cold leaves it out.");
        }
        out.printf(Locale.ROOT, "%nmapped %,d, retained %,d, metadata %,d bytes in all%n", stats.mapped(), stats.retained(), stats.metadata());
        BareSyscalls.Calls calls = result.calls();
        out.printf(Locale.ROOT, "mmap %,d calls, %,d bytes; munmap %,d calls, %,d bytes%n", calls.mmaps(), calls.mmappedBytes(), calls.munmaps(),
                calls.munmappedBytes());
        out.printf(Locale.ROOT, "MADV_DONTNEED %,d calls, %,d bytes; MADV_FREE %,d calls, %,d bytes%n", calls.dontneed(), calls.dontneedBytes(),
                calls.free(), calls.freeBytes());
        out.printf(Locale.ROOT, "%.2f ms of virtual time%n", result.virtualNs() / 1e6);
        return text.toString();
    }

    private interface Figure {
        long of(HeapReplay.Sample sample);
    }

    private static long highest(HeapOnlyReplay.Result result, Figure figure) {
        long highest = figure.of(result.last());
        for (HeapReplay.Sample sample : result.samples()) {
            highest = Math.max(highest, figure.of(sample));
        }
        return highest;
    }

    private static void row(PrintWriter out, String name, long highest, long last) {
        out.printf(Locale.ROOT, "%-12s%,16d%,16d%n", name, highest, last);
    }

    private String json(AllocationTrace trace, HeapConfig heap, HeapOnlyReplay.Result result) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("trace", options.file.getFileName().toString());
        all.put("records", trace.records());
        all.put("threads", trace.threadCount());
        all.put("preset", options.preset);
        all.put("mallocConf", heap.toString());
        all.put("byThread", options.byThread);
        all.put("cold", options.cold || options.byThread);
        all.put("seed", common.seed());
        all.put("samples", result.samples());
        all.put("end", result.last());
        all.put("totals", totals(result.stats()));
        all.put("calls", result.calls());
        all.put("virtualNs", result.virtualNs());
        return JsonText.of(all);
    }

    private static Map<String, Long> totals(HeapStats stats) {
        Map<String, Long> totals = new LinkedHashMap<>();
        for (String name : List.of("stats.allocated", "stats.active", "stats.metadata", "stats.resident", "stats.mapped", "stats.retained")) {
            totals.put(name, stats.get(name));
        }
        return totals;
    }
}
