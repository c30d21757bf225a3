package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.report.text.FrameText;
import io.janklab.dashboards.report.text.Words;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.explain.Attribution;
import io.janklab.workloads.explain.Bisection;
import io.janklab.workloads.explain.FrameFate;
import io.janklab.workloads.sweep.Mean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The result of `janklab explain`, as text and as JSON.
final class ExplainText {
    private static final double NS_PER_MS = 1e6;

    private ExplainText() {}

    // Which switch

    static String of(Attribution found, String from, String to) {
        String metric = Words.metric(found.metric().name());
        if (found.parts().isEmpty()) {
            return String.format(Locale.ROOT, "%s: %s on %s and on %s: what they differ in (%s) has no effect here, every event "
                    + "is the same.%n", metric, unit(found, number(found.from().value())), from, to, keys(found.silent()));
        }
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s: %s on %s, %s on %s, change %s%n%n",
                metric, unit(found, number(found.from().value())), from, unit(found, number(found.to().value())), to,
                interval(found.change())));
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"switch", "turned", "by itself on " + from, "last, before " + to, "share"});
        found.parts().forEach(part -> rows.add(new String[] {
            part.which().key(), part.turned(), interval(part.alone()), interval(part.last()), interval(part.share())}));
        rows.add(new String[] {"interaction", "", interval(found.interaction()), "", ""});
        text.append(table(rows)).append('\n');
        text.append(sentence(found)).append('\n');
        text.append(found.orders() == 0 ? "Shares are means over all orders" : "Shares are means over " + found.orders()
                + " orders drawn at random")
                .append(" in which the switches can be turned; intervals are of 95 %, over paired seeds.\n");
        if (!found.silent().isEmpty()) {
            text.append("Without any effect, every event being the same at both ends: ")
                    .append(keys(found.silent())).append(".\n");
        }
        return text.toString();
    }

    private static String keys(List<Switch> switches) {
        return String.join(", ", switches.stream().map(Switch::key).toList());
    }

    /// `Of -12.40 ms UI inversion: madvise.dontneed.lock -9.10, fault.vma-lock -3.00, interaction -0.30.`
    private static String sentence(Attribution found) {
        List<String> words = new ArrayList<>();
        found.parts().forEach(part -> words.add(part.which().key() + " " + signed(part.alone().value())));
        words.add("interaction " + signed(found.interaction().value()));
        return "Of " + unit(found, signed(found.change().value())) + " " + Words.metric(found.metric().name()) + ": "
                + String.join(", ", words) + ".";
    }

    private static String unit(Attribution found, String number) {
        return found.metric().unit().isEmpty() ? number : number + " " + found.metric().unit();
    }

    static Map<String, Object> json(Attribution found, String from, String to) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("metric", found.metric().name());
        json.put("unit", found.metric().unit());
        json.put("from", Map.of("kernel", from, "mean", finite(found.from().value())));
        json.put("to", Map.of("kernel", to, "mean", finite(found.to().value())));
        json.put("change", mean(found.change()));
        json.put("switches", found.parts().stream().map(part -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("switch", part.which().key());
            each.put("turned", part.turned());
            each.put("alone", mean(part.alone()));
            each.put("last", mean(part.last()));
            each.put("share", mean(part.share()));
            return each;
        }).toList());
        json.put("interaction", mean(found.interaction()));
        json.put("orders", found.orders() == 0 ? "all" : found.orders());
        json.put("silent", found.silent().stream().map(Switch::key).toList());
        return json;
    }

    private static Map<String, Object> mean(Mean mean) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mean", finite(mean.value()));
        json.put("low", finite(mean.value() - mean.margin()));
        json.put("high", finite(mean.value() + mean.margin()));
        return json;
    }

    /// Values that JSON has no number for are written in words.
    private static Object finite(double value) {
        return Double.isNaN(value) ? "none" : value;
    }

    // Since which version

    static String of(Bisection found, String metric) {
        StringBuilder text = new StringBuilder();
        for (Comparison step : found.steps()) {
            String interval = step.hasInterval() ? scaled(metric, step.low()) + " … " + scaled(metric, step.high()) : "no interval";
            text.append(String.format(Locale.ROOT, "%s against %s: %s %s (%s), %s%n", step.to(), step.from(), Words.metric(metric),
                    scaled(metric, step.difference()), interval, verdict(step)));
        }
        if (found.found() == null) {
            boolean tooFew = found.steps().stream().anyMatch(step -> step.verdict() == Comparison.Verdict.TOO_FEW_SEEDS);
            return text.append("No kernel among these differs beyond chance from the first").append(tooFew
                    ? ": too few seeds could show it, --seeds takes more.\n" : ".\n").toString();
        }
        return text.append(found.found().name()).append(" is the first that differs; it turned ")
                .append(String.join(", ", found.turned().stream().map(key -> key.key() + " to " + found.found().value(key)).toList()))
                .append(".\n")
                .append(found.undone() == null ? "" : "From " + found.undone().name() + " on the change is undone.\n").toString();
    }

    private static String verdict(Comparison step) {
        return step.verdict() == Comparison.Verdict.TOO_FEW_SEEDS ? Words.verdict(step)
                : Bisection.differs(step) ? "beyond chance" : "no difference";
    }

    /// Inversion is compared in ns.
    private static String scaled(String metric, double value) {
        return metric.endsWith("Ns") ? signed(value / NS_PER_MS) + " ms" : signed(value);
    }

    static Map<String, Object> json(Bisection found, String metric) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("metric", metric);
        json.put("steps", found.steps());
        json.put("first", found.found() == null ? "none" : found.found().name());
        json.put("undone", found.undone() == null ? "none" : found.undone().name());
        json.put("turned", found.turned().stream().map(Switch::key).toList());
        return json;
    }

    // One frame

    static String of(long seed, FrameReport report, String kernel, List<FrameFate> fates) {
        StringBuilder text = new StringBuilder();
        text.append(report.overrunNs() > 0 ? FrameText.title(seed, report) : "In time: seed " + seed + ", at "
                + Words.nsAsMs(report.beganAt()) + " ms, with " + number(-report.overrunNs() / NS_PER_MS) + " ms to spare,")
                .append(" on ").append(kernel).append(".\n");
        text.append("Where its ").append(Words.duration(report.allowedNs() + report.overrunNs())).append(" went: ")
                .append(FrameText.sentence(report)).append(".\n");
        report.breakdown().chains().entrySet().stream()
                .sorted(Comparator.comparingLong(chain -> -chain.getValue().ns()))
                .forEach(chain -> text.append("For ").append(Words.duration(chain.getValue().ns())).append(' ').append(chain.getKey())
                        .append(chain.getValue().inverted() ? ": priorities are inverted.\n" : ".\n"));
        if (report.breakdown().chains().isEmpty()) {
            text.append("Neither of its threads waited for a lock.\n");
        }
        text.append("\nThe same frame of the same seed on every other kernel:\n");
        fates.forEach(fate -> text.append("  ").append(fate(fate)).append('\n'));
        if (report.overrunNs() <= 0) {
            return text.toString();
        }
        long met = fates.stream().filter(FrameFate::isInTime).count();
        text.append(met == 0
                ? "No other kernel would have met its deadline: locks are not the cause, or not alone.\n"
                : "Its deadline would have been met on " + met + " of " + fates.size() + ".\n");
        return text.toString();
    }

    private static String fate(FrameFate fate) {
        if (fate.frame() == null) {
            return fate.kernel().name() + ": no frame was drawn at that vsync, an earlier one took its turn";
        }
        double ms = fate.frame().overrunNs() / NS_PER_MS;
        return fate.kernel().name() + ": " + (fate.isInTime() ? number(-ms) + " ms before its deadline" : number(ms) + " ms late");
    }

    static Map<String, Object> json(long seed, FrameReport frame, String kernel, List<FrameFate> fates) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kernel", kernel);
        json.put("seed", seed);
        json.put("token", frame.token());
        json.put("overrunMs", frame.overrunNs() / NS_PER_MS);
        json.put("where", FrameText.sentence(frame));
        json.put("waits", frame.breakdown().chains());
        json.put("elsewhere", fates.stream().map(fate -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("kernel", fate.kernel().name());
            each.put("drawn", fate.frame() != null);
            each.put("inTime", fate.isInTime());
            if (fate.frame() != null) {
                each.put("overrunMs", fate.frame().overrunNs() / NS_PER_MS);
            }
            return each;
        }).toList());
        return json;
    }

    // Numbers

    private static String interval(Mean mean) {
        String value = signed(mean.value());
        return Double.isNaN(mean.margin()) ? value : value + " (" + signed(mean.value() - mean.margin()) + " … "
                + signed(mean.value() + mean.margin()) + ")";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String signed(double value) {
        String text = number(value);
        boolean zero = text.equals("0.00") || text.equals("-0.00");
        return zero ? "0.00" : value > 0 ? "+" + text : text;
    }

    private static String table(List<String[]> rows) {
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.length; column++) {
                int at = column;
                int width = rows.stream().mapToInt(each -> each[at].length()).max().orElseThrow();
                line.append(String.format("%-" + (width + 2) + "s", row[column]));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
