package io.janklab.workloads.phone;

import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.LockSite;
import io.janklab.dashboards.measure.result.LockStat;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.trace.LockClass;
import io.janklab.workloads.app.AndroidApp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// The quantities that a scenario on the phone measures beside its frames, by their names in its key `quantities`.
final class PhoneQuantities {
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_US = 1e3;
    private static final double KB = 1024;
    private static final String READS = "mmap_lock-R";
    private static final String WRITES = "mmap_lock-W";

    private final Kernel kernel;
    private final List<String> names;
    private final IpiTally ipis = new IpiTally();
    private final long[] vmstatBefore = new long[VmStat.Item.values().length];

    PhoneQuantities(Kernel kernel, List<String> names) {
        this.kernel = kernel;
        this.names = names;
    }

    /// The app is about to start.
    void begin() {
        if (names.contains("ipis")) {
            kernel.tracepoints().attach(ipis);
        }
        for (VmStat.Item item : VmStat.Item.values()) {
            vmstatBefore[item.ordinal()] = kernel.memory().vmstat().get(item);
        }
    }

    /// @param launchNs from fork to the first frame on the display, or 0 if there was none
    List<Quantity> of(RunMeasurement measurement, long launchNs, Histogram mapLatencies) {
        List<Quantity> quantities = new ArrayList<>();
        for (String name : names) {
            switch (name) {
                case "launch-time" -> quantities.add(new Quantity("time to initial display", "ms",
                        launchNs == 0 ? Double.NaN : launchNs / NS_PER_MS));
                case "ui-d-state" -> addUninterruptibleSleep(quantities, measurement);
                case "ui-mmap-lock" -> addMmapLockWaits(quantities, measurement);
                case "mmap-lock" -> addMmapLock(quantities, measurement);
                case "mmap-latency" -> addLatencies(quantities, mapLatencies);
                case "ipis" -> addIpis(quantities);
                case "swap" -> addSwap(quantities);
                case "page-tables" -> quantities.add(new Quantity("VmPTE", "kB", measurement.memory().pageTableEndBytes() / KB));
                default -> throw new IllegalArgumentException("no quantity is called " + name);
            }
        }
        return quantities;
    }

    private static void addUninterruptibleSleep(List<Quantity> quantities, RunMeasurement measurement) {
        Optional<TaskTimes> ui = measurement.tasks().stream()
                .filter(times -> times.processName().equals(AndroidApp.PROCESS) && isMain(times.name()))
                .findFirst();
        quantities.add(new Quantity("UI uninterruptible sleep", "ms", ms(ui, TaskTimes::uninterruptibleNs)));
        quantities.add(new Quantity("longest UI uninterruptible sleep", "ms", ms(ui, TaskTimes::longestUninterruptibleNs)));
    }

    /// NaN where the app was killed before it had a UI thread.
    private static double ms(Optional<TaskTimes> ui, ToLongFunction<TaskTimes> ns) {
        return ui.isPresent() ? ns.applyAsLong(ui.get()) / NS_PER_MS : Double.NaN;
    }

    /// A forked app's main thread has the process's name.
    private static boolean isMain(String task) {
        return task.equals(AndroidApp.MAIN_THREAD) || task.equals(AndroidApp.PROCESS);
    }

    private static void addMmapLockWaits(List<Quantity> quantities, RunMeasurement measurement) {
        long total = 0;
        long longest = 0;
        for (LockUse use : measurement.locks()) {
            if (use.lockClass() == LockClass.MMAP_LOCK && isMain(use.taskName())) {
                total += use.waitNs();
                longest = Math.max(longest, use.waits().getMaxValue());
            }
        }
        quantities.add(new Quantity("UI waits for mmap_lock", "ms", total / NS_PER_MS));
        quantities.add(new Quantity("longest UI wait for mmap_lock", "ms", longest / NS_PER_MS));
    }

    /// The figures of the patch that retries faults under the VMA lock, and those of what a fork waits for.
    private static void addMmapLock(List<Quantity> quantities, RunMeasurement measurement) {
        List<LockUse> uses = ofApp(measurement);
        List<LockStat> locks = LockStat.of(uses);
        quantities.add(new Quantity("mmap_lock reads", "", sum(locks, READS, LockStat::acquisitions)));
        quantities.add(new Quantity("mmap_lock reads that wait", "", sum(locks, READS, LockStat::contentions)));
        quantities.add(new Quantity("mmap_lock read wait", "ms", sum(locks, READS, stat -> stat.waits().total()) / NS_PER_MS));
        quantities.add(new Quantity("mmap_lock writes", "", sum(locks, WRITES, LockStat::acquisitions)));
        quantities.add(new Quantity("mmap_lock write wait", "ms", sum(locks, WRITES, stat -> stat.waits().total()) / NS_PER_MS));
        quantities.add(new Quantity("waits of 1 to 10 ms", "", waits(uses, 1, 10)));
        quantities.add(new Quantity("waits of 10 to 100 ms", "", waits(uses, 10, 100)));
        long forkWaitsNs = locks.stream().flatMap(stat -> stat.sites().stream())
                .filter(site -> site.name().equals("fork")).mapToLong(LockSite::waitNs).sum();
        quantities.add(new Quantity("fork waits for locks", "ms", forkWaitsNs / NS_PER_MS));
    }

    /// 0 of an app that has not begun.
    private static long sum(List<LockStat> locks, String name, ToLongFunction<LockStat> value) {
        return locks.stream().filter(stat -> stat.name().equals(name)).mapToLong(value).sum();
    }

    /// By tasks named as some of the app's: not the mappings that the zygote makes before it forks the app.
    private static List<LockUse> ofApp(RunMeasurement measurement) {
        Set<String> names = measurement.appTasks().map(TaskTimes::name).collect(Collectors.toSet());
        return measurement.locks().stream().filter(use -> names.contains(use.taskName())).toList();
    }

    private static long waits(List<LockUse> uses, long fromMs, long toMs) {
        return uses.stream().filter(use -> use.lockClass() == LockClass.MMAP_LOCK)
                .mapToLong(use -> use.waits().getCountBetweenValues((long) (fromMs * NS_PER_MS), (long) (toMs * NS_PER_MS) - 1)).sum();
    }

    private static void addLatencies(List<Quantity> quantities, Histogram latencies) {
        quantities.add(new Quantity("mmap + munmap P50", "µs", latencies.getValueAtPercentile(50) / NS_PER_US));
        quantities.add(new Quantity("mmap + munmap P99", "µs", latencies.getValueAtPercentile(99) / NS_PER_US));
        quantities.add(new Quantity("mmap + munmap max", "µs", latencies.getMaxValue() / NS_PER_US));
    }

    private void addIpis(List<Quantity> quantities) {
        quantities.add(new Quantity("IPI rounds", "", ipis.rounds()));
        quantities.add(new Quantity("IPI waits", "ms", ipis.waitedNs() / NS_PER_MS));
    }

    private void addSwap(List<Quantity> quantities) {
        for (VmStat.Item item : List.of(VmStat.Item.PSWPIN, VmStat.Item.PSWPOUT, VmStat.Item.ALLOCSTALL)) {
            quantities.add(new Quantity(item.label(), "", kernel.memory().vmstat().get(item) - vmstatBefore[item.ordinal()]));
        }
    }
}
