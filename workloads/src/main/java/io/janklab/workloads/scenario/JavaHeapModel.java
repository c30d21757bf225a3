package io.janklab.workloads.scenario;

import io.janklab.allocator.art.CollectorCosts;
import io.janklab.allocator.art.CollectorType;
import io.janklab.allocator.art.CompactionIoctl;
import io.janklab.allocator.art.FootprintOptions;
import io.janklab.allocator.art.JavaHeapOptions;
import io.janklab.allocator.art.Lifetimes;
import io.janklab.allocator.art.ReleaseAdvice;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.workloads.input.Settings;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// How the app allocates and touches Java objects, and which collector it uses (keys below `javaHeap`); sizes in bytes, work in ns.
///
/// @param collector `ioctl` and `advice`: see the options of those names in [JavaHeapOptions]
/// @param daemonNice of the HeapTaskDaemon
/// @param largeShare share of the allocated bytes that are arrays of `largeBytes` each
/// @param workingSetBytes the UI thread's working set, spread evenly over the live objects; `touchesPerFrame` pages of it per frame
public record JavaHeapModel(
        CollectorType collector,
        CompactionIoctl ioctl,
        ReleaseAdvice advice,
        boolean priorityChanges,
        int daemonNice,
        FootprintOptions footprint,
        Lifetimes lifetimes,
        long uiBytesPerFrame,
        long workerBytesPerS,
        double largeShare,
        long largeBytes,
        long workingSetBytes,
        int touchesPerFrame,
        long markNsPerMib,
        long copyNsPerPage,
        long threadRootsNs,
        long pauseNs,
        double readBarrierShare) {
    private static final double NS_PER_US = 1e3;
    private static final String LIMIT = "javaHeap.growthLimitMiB";
    private static final String MOST_FREE = "javaHeap.maxFreeMiB";

    static JavaHeapModel from(Settings settings) {
        return new JavaHeapModel(
                choice(settings, "javaHeap.collector", CollectorType.values(), CollectorType::key),
                choice(settings, "javaHeap.ioctl", CompactionIoctl.values(), CompactionIoctl::key),
                choice(settings, "javaHeap.advice", ReleaseAdvice.values(), ReleaseAdvice::key),
                settings.choice("javaHeap.priorityChanges", List.of("false", "true")).equals("true"),
                (int) settings.integer("javaHeap.daemonNice", -20, 19),
                footprint(settings),
                lifetimes(settings),
                settings.integer("javaHeap.uiKibPerFrame", 0, 1 << 20) << 10,
                settings.integer("javaHeap.workerKibPerS", 0, 1 << 30) << 10,
                settings.number("javaHeap.large.share", 0, 1),
                settings.integer("javaHeap.large.kib", 12, 1 << 14) << 10,
                settings.integer("javaHeap.workingSet.kib", 4, 1 << 20) << 10,
                (int) settings.integer("javaHeap.workingSet.touchesPerFrame", 0, 1 << 20),
                us(settings, "javaHeap.markUsPerMib"),
                us(settings, "javaHeap.copyUsPerPage"),
                us(settings, "javaHeap.threadRootsUs"),
                us(settings, "javaHeap.pauseUs"),
                settings.number("javaHeap.readBarrierShare", 0, 10));
    }

    private static <E> E choice(Settings settings, String key, E[] values, Function<E, String> name) {
        List<String> names = Stream.of(values).map(name).toList();
        return values[names.indexOf(settings.choice(key, names))];
    }

    private static long us(Settings settings, String key) {
        return (long) (settings.number(key, 0, 1e6) * NS_PER_US);
    }

    private static FootprintOptions footprint(Settings settings) {
        long limitMiB = settings.integer(LIMIT, 1, 1 << 12);
        long mostFreeMiB = settings.integer(MOST_FREE, 1, 1 << 12);
        return new FootprintOptions(
                settings.integer("javaHeap.initialMiB", 1, limitMiB, LIMIT) << 20,
                limitMiB << 20,
                settings.number("javaHeap.targetUtilization", 0.01, 0.99),
                settings.integer("javaHeap.minFreeMiB", 1, mostFreeMiB, MOST_FREE) << 20,
                mostFreeMiB << 20,
                settings.number("javaHeap.growthMultiplier", 1, 10));
    }

    private static Lifetimes lifetimes(Settings settings) {
        // Marked, moved and still within the limit.
        long mostLiveMiB = settings.integer(LIMIT, 1, 1 << 12) / 2;
        return new Lifetimes(
                settings.integer("javaHeap.liveMiB", 1, mostLiveMiB, LIMIT) << 20,
                settings.number("javaHeap.permanentShare", 0, 1),
                settings.number("javaHeap.survival", 0, 1));
    }

    /// The heap's options on a device with these costs.
    public JavaHeapOptions options(CostModel costs) {
        return new JavaHeapOptions(collector, ioctl, advice, footprint, lifetimes, collectorCosts(costs), priorityChanges);
    }

    private CollectorCosts collectorCosts(CostModel costs) {
        return new CollectorCosts(
                markNsPerMib, copyNsPerPage, costs.ns(Cost.PAGE_ZERO), threadRootsNs, pauseNs, readBarrierShare, costs.ns(Cost.SYSCALL));
    }
}
