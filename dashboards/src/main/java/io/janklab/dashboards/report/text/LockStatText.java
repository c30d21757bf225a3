package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.result.LockSite;
import io.janklab.dashboards.measure.result.LockStat;
import io.janklab.kernel.trace.LockClass;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `/proc/lock_stat` of each kernel, as the kernel prints it (`kernel/locking/lockdep_proc.c`, version 0.4), in µs.
///
/// Where the kernel has the address and the symbol of a contention point, there is the call that the task was in; and all points are shown,
/// not four.
public final class LockStatText {
    /// The kernel's columns.
    public static final List<String> HEADERS = List.of(
        "class name", "con-bounces", "contentions", "waittime-min", "waittime-max", "waittime-total", "waittime-avg",
        "acq-bounces", "acquisitions", "holdtime-min", "holdtime-max", "holdtime-total", "holdtime-avg");
    private static final double NS_PER_US = 1e3;
    private static final int NAME = 40;
    private static final int CELL = 14;
    private static final int WIDTH = NAME + 1 + (HEADERS.size() - 1) * (CELL + 1);

    private LockStatText() {}

    /// All runs of each kernel together.
    public static void print(Experiment experiment, PrintStream out) {
        experiment.kernels().forEach(kernel -> print(kernel, out));
    }

    private static void print(KernelResult kernel, PrintStream out) {
        out.println("lock_stat on " + kernel.name() + ", in µs");
        print(LockStat.of(kernel.locks()), out);
    }

    static void print(List<LockStat> stats, PrintStream out) {
        out.println("lock_stat version 0.4");
        line(out, '-', 0, WIDTH);
        out.println(right(HEADERS.getFirst(), NAME) + HEADERS.stream().skip(1).map(name -> " " + right(name, CELL))
                .collect(Collectors.joining()));
        line(out, '-', 0, WIDTH);
        out.println();
        byClass(stats).forEach(ofClass -> printClass(ofClass, out));
    }

    /// Those most waited for first, writers before readers.
    private static List<List<LockStat>> byClass(List<LockStat> stats) {
        Map<LockClass, List<LockStat>> classes = stats.stream()
                .collect(Collectors.groupingBy(LockStat::lockClass, LinkedHashMap::new, Collectors.toList()));
        List<List<LockStat>> sorted = new ArrayList<>(classes.values());
        sorted.sort(Comparator.comparingLong(LockStatText::contentions).reversed());
        sorted.forEach(ofClass -> ofClass.sort(Comparator.comparing(LockStat::name).reversed()));
        return sorted;
    }

    private static long contentions(List<LockStat> ofClass) {
        return ofClass.stream().mapToLong(LockStat::contentions).sum();
    }

    private static void printClass(List<LockStat> ofClass, PrintStream out) {
        ofClass.forEach(stat -> out.println(row(stat)));
        if (contentions(ofClass) == 0) {
            return;
        }
        String name = ofClass.getFirst().lockClass().label();
        Map<String, Long> waiters = new TreeMap<>();
        ofClass.forEach(stat -> stat.sites().forEach(site -> waiters.merge(site.name(), site.contentions(), Long::sum)));
        points(out, name, waiters);
        Map<String, Long> holders = new TreeMap<>();
        ofClass.forEach(stat -> stat.holders().forEach(holder -> holders.merge(holder.name(), holder.contentions(), Long::sum)));
        points(out, name, holders);
        out.println();
        line(out, '.', 0, WIDTH);
        out.println();
    }

    /// `seq_stats`.
    private static String row(LockStat stat) {
        String[] cells = cells(stat);
        StringBuilder row = new StringBuilder(right(cells[0], NAME)).append(':').append(right(cells[1], CELL));
        for (int i = 2; i < cells.length; i++) {
            row.append(' ').append(right(cells[i], CELL));
        }
        return row.toString();
    }

    /// Of readers and writers together, most frequent first.
    private static void points(PrintStream out, String name, Map<String, Long> points) {
        if (!points.isEmpty()) {
            line(out, '-', NAME - name.length(), name.length());
        }
        points.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(point -> point(out, name, point.getValue(), point.getKey()));
    }

    private static void point(PrintStream out, String name, long count, String site) {
        out.println(right(name, NAME) + " " + right(Long.toString(count), CELL) + " " + " ".repeat(2 * CELL + 1) + " " + site);
    }

    /// `seq_line`.
    private static void line(PrintStream out, char of, int offset, int length) {
        out.println(" ".repeat(offset) + String.valueOf(of).repeat(length));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /// The row of a class.
    public static String[] cells(LockStat stat) {
        return new String[] {
            stat.name(), Long.toString(stat.contentionBounces()), Long.toString(stat.contentions()),
            us(stat.waits().min()), us(stat.waits().max()), us(stat.waits().total()), us(stat.waits().avg()),
            Long.toString(stat.acquisitionBounces()), Long.toString(stat.acquisitions()),
            us(stat.holds().min()), us(stat.holds().max()), us(stat.holds().total()), us(stat.holds().avg())
        };
    }

    /// The row of a contention point, below its class.
    public static String[] cells(LockSite site) {
        return new String[] {"  at " + site.name(), "", Long.toString(site.contentions()), "", "", us(site.waitNs()),
                us(site.waitNs() / site.contentions())};
    }

    /// The row of a contending point, below these.
    public static String[] cells(LockStat.Holder holder) {
        return new String[] {"  taken last at " + holder.name(), "", Long.toString(holder.contentions())};
    }

    private static String us(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_US);
    }
}
