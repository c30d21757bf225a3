package io.janklab.workloads.cli.replay;

import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.HeapStats;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.run.RunFiles;
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
///
/// @param output in which form; of `--csv` its lines alone
record HeapReplayJob(Output output, HeapReplayPlan plan) implements Job {
    private static final String CSV = "heap.csv";
    private static final String PAGE = "heap.html";

    HeapReplayJob {
        output = plan.csv() ? output.resultsOnly() : output;
    }

    @Override
    public int run() {
        Optional<OutputFolder> folder = output.folder(RunFiles.RESULT, "samples");
        HeapOnlyReplay replay = plan.replay();
        plan.readings().check(plan.heap(), HeapOnlyReplay.CPUS);
        HeapOnlyReplay.Result result = replay.execute();
        output.verify(List.of(csv(result)), () -> List.of(csv(replay.execute())));
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve(CSV), csv(result));
            Files.writeString(making.resolve(RunFiles.RESULT), json(result));
            Files.writeString(making.resolve(PAGE), HeapPage.of(plan.trace().name(), plan.preset() + ", no kernel under it",
                    List.of(new HeapPage.Heap("", result.snapshots()))));
        }));
        output.print(() -> plan.csv() ? csv(result) : summary(result), () -> json(result));
        output.remarkWritten(List.of(CSV, PAGE, RunFiles.RESULT));
        return ExitCode.OK;
    }

    private static String csv(HeapOnlyReplay.Result result) {
        StringBuilder text = new StringBuilder("op,allocated,active,resident\n");
        for (HeapReplay.Sample sample : result.samples()) {
            text.append(sample.operation()).append(',').append(sample.allocated()).append(',').append(sample.active()).append(',')
                    .append(sample.resident()).append('\n');
        }
        return text.toString();
    }

    private String summary(HeapOnlyReplay.Result result) {
        AllocationTrace trace = plan.trace();
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        HeapReplay.Sample last = result.last();
        HeapStats stats = result.stats();
        out.printf(Locale.ROOT, "%s: %,d operations of %,d records by %d threads, replayed by %s on %s%n", trace.name(), last.operation(),
                trace.records(), trace.threadCount(), plan.byThread() ? "as many" : "one", plan.preset());
        out.println(plan.heap());
        out.printf(Locale.ROOT, "%n%-12s%16s%16s%n", "bytes", "highest seen", "at the end");
        row(out, "allocated", highest(result, HeapReplay.Sample::allocated), last.allocated());
        row(out, "active", highest(result, HeapReplay.Sample::active), last.active());
        row(out, "resident", highest(result, HeapReplay.Sample::resident), last.resident());
        if (plan.isWarm()) {
            out.println("These are on top of the replayer's own bookkeeping, which lies on the same heap; --cold leaves it out.");
        }
        out.printf(Locale.ROOT, "%nmapped %,d, retained %,d, metadata %,d bytes in all%n",
                stats.mapped(), stats.retained(), stats.metadata());
        BareSyscalls.Calls calls = result.calls();
        out.printf(Locale.ROOT, "mmap %,d calls, %,d bytes; munmap %,d calls, %,d bytes%n",
                calls.mmaps(), calls.mmappedBytes(), calls.munmaps(), calls.munmappedBytes());
        out.printf(Locale.ROOT, "MADV_DONTNEED %,d calls, %,d bytes; MADV_FREE %,d calls, %,d bytes%n",
                calls.dontneed(), calls.dontneedBytes(), calls.free(), calls.freeBytes());
        out.printf(Locale.ROOT, "%.2f ms of virtual time%n", result.virtualNs() / 1e6);
        out.print(plan.readings().text(stats, result.virtualNs()));
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

    private String json(HeapOnlyReplay.Result result) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("trace", plan.file());
        all.put("records", plan.trace().records());
        all.put("threads", plan.trace().threadCount());
        all.put("preset", plan.preset());
        all.put("mallocConf", plan.heap().toString());
        all.put("byThread", plan.byThread());
        all.put("cold", !plan.isWarm());
        all.put("seed", plan.seed());
        all.put("samples", result.samples());
        all.put("end", result.last());
        all.put("totals", totals(result.stats()));
        if (!plan.readings().names().isEmpty()) {
            all.put("mallctl", plan.readings().values(result.stats()));
        }
        all.put("calls", result.calls());
        all.put("virtualNs", result.virtualNs());
        return JsonText.of(all);
    }

    private static Map<String, Long> totals(HeapStats stats) {
        Map<String, Long> totals = new LinkedHashMap<>();
        for (String name : List.of(
                "stats.allocated", "stats.active", "stats.metadata", "stats.resident", "stats.mapped", "stats.retained")) {
            totals.put(name, stats.get(name));
        }
        return totals;
    }
}
