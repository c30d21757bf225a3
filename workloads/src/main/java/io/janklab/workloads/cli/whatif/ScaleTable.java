package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.scale.ScaleResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The result of `janklab scale`, as a table of cores by kernels and as JSON.
///
/// @param results number of cores by number of cores, and for each kernel by kernel
record ScaleTable(ScalePlan plan, List<ScaleResult> results) {
    String text() {
        List<String> kernels = results.stream().map(result -> result.spec().kernel().name()).distinct().toList();
        int width = Math.max(16, kernels.stream().mapToInt(String::length).max().orElseThrow() + 2);
        StringBuilder text = new StringBuilder();
        text.append("# ").append(plan.loop().name()).append(", ").append(mode()).append(", ").append(plan.device().name());
        text.append(": iterations per second of virtual time\n");
        text.append(String.format(Locale.ROOT, "%5s", "cores"));
        kernels.forEach(kernel -> text.append(String.format(Locale.ROOT, "%" + width + "s", kernel)));
        for (int i = 0; i < results.size(); i++) {
            if (i % kernels.size() == 0) {
                text.append(String.format(Locale.ROOT, "%n%5d", results.get(i).spec().cores()));
            }
            text.append(String.format(Locale.ROOT, "%," + width + ".0f", results.get(i).perSecond()));
        }
        return text.append('\n').toString();
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("loop", plan.loop().name());
        all.put("mode", mode());
        all.put("device", plan.device().name());
        all.put("durationNs", plan.durationNs());
        all.put("results", results.stream().map(ScaleTable::row).toList());
        return JsonText.of(all);
    }

    private static Map<String, Object> row(ScaleResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kernel", result.spec().kernel().name());
        row.put("cores", result.spec().cores());
        row.put("iterations", result.iterations());
        row.put("perSecond", result.perSecond());
        row.put("digest", Long.toHexString(result.digest()));
        return row;
    }

    private String mode() {
        return plan.processes() ? "processes" : "threads";
    }
}
