package io.janklab.workloads.cli.run;

import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.threads.ThreadProgram;
import io.janklab.workloads.threads.ThreadProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// The measurements of `janklab run --program`.
record ProgramResult(ThreadProgram program, String kernel, String device, ThreadProgramRun.Result result) implements OutputFolder.Maker {
    static final String FILE = "program.json";
    static final String KEY = "marks";
    private static final double US = 1e3;

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(program.name()).append(" on ").append(kernel).append(", ").append(device).append(": ").append(program.story());
        text.append(String.format("%n%n%-20s %10s %12s %12s %12s %12s%n", "mark", "calls", "p50 µs", "p90 µs", "p99 µs", "max µs"));
        result.marks().forEach((mark, ns) -> row(text, mark, ns));
        result.errors().forEach((call, count) -> text.append(
                String.format(Locale.ROOT, "%n%s:%s, %,d times", program.file(), call, count)));
        return text.append(result.errors().isEmpty() ? "" : "\n").toString();
    }

    private static void row(StringBuilder text, String mark, Histogram ns) {
        text.append(String.format(Locale.ROOT, "%-20s %,10d %,12.1f %,12.1f %,12.1f %,12.1f%n",
                mark, ns.getTotalCount(), at(ns, 50), at(ns, 90), at(ns, 99), ns.getMaxValue() / US));
    }

    private static double at(Histogram ns, double percentile) {
        return ns.getValueAtPercentile(percentile) / US;
    }

    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("program", program.name());
        json.put("kernel", kernel);
        json.put("device", device);
        json.put("digest", String.format(Locale.ROOT, "%016x", result.digest()));
        Map<String, Object> marks = new LinkedHashMap<>();
        result.marks().forEach((mark, ns) -> marks.put(mark, figures(ns)));
        json.put(KEY, marks);
        json.put("errors", result.errors());
        return JsonText.of(json);
    }

    private static Map<String, Object> figures(Histogram ns) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("calls", ns.getTotalCount());
        figures.put("p50Us", at(ns, 50));
        figures.put("p90Us", at(ns, 90));
        figures.put("p99Us", at(ns, 99));
        figures.put("maxUs", ns.getMaxValue() / US);
        return figures;
    }

    /// For comparison with a second run's.
    String cameTo() {
        return String.format(Locale.ROOT, "%s on %s: digest %016x", program.name(), kernel, result.digest());
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), json());
    }
}
