package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.LockSite;
import io.janklab.dashboards.measure.LockStat;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/// `/proc/lock_stat` of each kernel, in its own columns and units (µs).
public final class LockStatText {
    /// Its columns, except those of bounced cache lines.
    public static final List<String> HEADERS = List.of(
        "class name", "contentions", "waittime-min", "waittime-max", "waittime-total", "waittime-avg",
        "acquisitions", "holdtime-min", "holdtime-max", "holdtime-total", "holdtime-avg");
    private static final double NS_PER_US = 1e3;

    private LockStatText() {}

    /// All runs of each kernel together.
    public static void print(Experiment experiment, PrintStream out) {
        experiment.kernels().forEach(kernel -> print(kernel, out));
    }

    private static void print(KernelResult kernel, PrintStream out) {
        out.println("lock_stat on " + kernel.name() + ", in µs");
        TextTable table = new TextTable("l" + "r".repeat(HEADERS.size() - 1));
        table.row(HEADERS.toArray(String[]::new));
        for (LockStat stat : LockStat.of(kernel.locks())) {
            table.row(cells(stat));
            stat.sites().forEach(site -> table.row(cells(site)));
        }
        table.print(out, "");
        out.println();
    }

    /// The row of a class.
    public static String[] cells(LockStat stat) {
        return new String[] {
            stat.name(), Long.toString(stat.contentions()),
            us(stat.waits().min()), us(stat.waits().max()), us(stat.waits().total()), us(stat.waits().avg()),
            Long.toString(stat.acquisitions()),
            us(stat.holds().min()), us(stat.holds().max()), us(stat.holds().total()), us(stat.holds().avg())
        };
    }

    /// The row of a contention point, below its class.
    public static String[] cells(LockSite site) {
        return new String[] {"  at " + site.name(), Long.toString(site.contentions()), "", "", us(site.waitNs()),
                us(site.waitNs() / site.contentions())};
    }

    private static String us(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_US);
    }
}
