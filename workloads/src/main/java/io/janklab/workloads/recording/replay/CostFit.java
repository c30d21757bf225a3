package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.mm.space.Tlb;
import io.janklab.workloads.recording.workload.Latencies;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Usual;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The costs of calls and faults on the recorded machine, from the undisturbed calls of the recording: no switch, no wait for a lock.
///
/// The workload is replayed three times with every lock granted at once, and costs are scaled so that each kind of call takes as long as
/// recorded: all of them by the factor that is the median kind's, and those of each kind by themselves. Calls are distinguished by their
/// lengths, in octaves: the one with the shortest median tells what a call costs whatever its length, a long one what a page costs. Where
/// the TLB is flushed page by page that is a cost of its own, which a hypervisor may make large; it is fitted from the second time on,
/// when the others are nearly right, and so is the call's own part of a munmap. Splitting and merging VMAs, which several kinds
/// share, is fitted to mprotect if it is the most frequent of them, and keeps the common factor otherwise. A kind of few calls stays near
/// that factor too. Waits are not part of the fit: a replay predicts them.
public final class CostFit {
    private static final String MUNMAP = "munmap";
    private static final String DONTNEED = "madvise(DONTNEED)";
    private static final double MEDIAN = 50;
    /// Of its longest length.
    private static final double MIDDLE_OF_OCTAVE = 0.75;
    private static final int ROUNDS = 3;
    private static final int LEAST_CALLS = 10;
    /// A kind with this many calls has half the weight, the common factor the other half.
    private static final double MANY_CALLS = 10;
    private static final double MOST = 2000;

    /// Which calls of a name tell.
    private enum Which {
        ALL,
        /// Those of the octave of lengths with the shortest median.
        SHORT,
        /// The octave that took most time, among those of which the TLB is flushed page by page.
        FLUSHED_BY_PAGE,
        /// The same among the octaves beyond.
        FLUSHED_WHOLE
    }

    /// Costs that are scaled together to fit the median of the calls of the first of those names of which there are enough.
    private static final class Group {
        final List<String> names;
        final Which which;
        final Set<Cost> costs;
        /// By how much they are scaled, and what the median was then (ns).
        double factor = 1;
        double lastFactor;
        double lastNs;

        Group(List<String> names, Which which, Cost first, Cost... more) {
            this.names = names;
            this.which = which;
            this.costs = EnumSet.of(first, more);
        }

        /// Whether what it fits contains costs that others fit.
        boolean isDependent() {
            return costs.contains(Cost.TLBI) || costs.contains(Cost.MUNMAP);
        }

        /// The factor at which the median should be as wanted: as if it were the only cost at first, then along the line through the last
        /// two.
        ///
        /// @param weight from 0, none of it, to 1, all of it
        void aim(double wanted, double had, double weight) {
            aim(wanted, had, weight, lastFactor == 0 || lastFactor == factor ? had / factor : (had - lastNs) / (factor - lastFactor));
        }

        /// @param slope by how much the median grows (ns) if the factor grows by 1
        void aim(double wanted, double had, double weight, double slope) {
            lastFactor = factor;
            lastNs = had;
            // A flat or falling line says that these costs do not matter here.
            factor = slope <= 0 ? factor : Math.pow(Math.clamp(factor + (wanted - had) / slope, 1 / MOST, MOST), weight);
        }
    }

    private final Replay replay;
    private final CostModel before;
    private final List<Group> groups;
    private double common = 1;

    private CostFit(Replay replay) {
        this.replay = replay;
        this.before = replay.costs();
        this.groups = groups(splitsByProtection(replay.recorded().undisturbed));
    }

    /// Whether most calls that split and merge VMAs are mprotect's.
    private static boolean splitsByProtection(Latencies recorded) {
        return recorded.count("mprotect") > recorded.count("mmap") + recorded.count(MUNMAP);
    }

    /// @param splits whether mprotect tells what splitting and merging VMAs costs; else that keeps the common factor
    private static List<Group> groups(boolean splits) {
        List<String> faults = List.of(ObservedFigures.PAGE_FAULT);
        return List.of(
                new Group(faults, Which.ALL, Cost.FAULT_ENTRY, Cost.FAULT_WALK, Cost.PAGE_ALLOC, Cost.LRU_ADD, Cost.PAGE_ZERO,
                        Cost.PTE_SET),
                new Group(List.of("madvise(other)", "madvise(WILLNEED)", DONTNEED), Which.SHORT, Cost.MADVISE),
                new Group(List.of(DONTNEED, MUNMAP), Which.FLUSHED_WHOLE, Cost.ZAP_PTE, Cost.PAGE_FREE, Cost.TLBI_ALL),
                new Group(List.of("madvise(FREE)"), Which.FLUSHED_WHOLE, Cost.FREE_PTE, Cost.LRU_MOVE),
                new Group(List.of("mmap"), Which.ALL, Cost.MMAP),
                splits ? new Group(List.of("mprotect"), Which.ALL, Cost.MPROTECT, Cost.VMA_SPLIT, Cost.VMA_MERGE)
                        : new Group(List.of("mprotect"), Which.ALL, Cost.MPROTECT),
                new Group(List.of("mremap"), Which.ALL, Cost.MREMAP),
                new Group(List.of(DONTNEED, MUNMAP), Which.FLUSHED_BY_PAGE, Cost.TLBI),
                new Group(List.of(MUNMAP), Which.SHORT, Cost.MUNMAP, Cost.PAGE_TABLE_FREE));
    }

    /// The replay at costs fitted to it.
    public static Replay fit(Replay replay, KernelProfile profile) {
        CostFit fit = new CostFit(replay);
        fit.run(profile.with(Switch.ORACLE, SwitchValue.UNCONTENDED));
        return replay.at(fit.costs());
    }

    /// The costs that the recording determines.
    public static Set<Cost> told() {
        Set<Cost> all = EnumSet.noneOf(Cost.class);
        groups(true).forEach(group -> all.addAll(group.costs));
        return all;
    }

    private void run(KernelProfile uncontended) {
        Latencies recorded = replay.recorded().undisturbed;
        for (int round = 0; round < ROUNDS; round++) {
            ObservedFigures simulated = replay.at(costs()).run(uncontended, 1);
            double scale = round == 0 ? commonFactor(recorded, simulated) : 1;
            common *= scale;
            boolean dependentsToo = round > 0;
            groups.stream().filter(group -> (dependentsToo || !group.isDependent()) && isTold(group, recorded, simulated))
                    .forEach(group -> aim(group, recorded, simulated, scale));
        }
    }

    /// @param scale by which all costs have been scaled since that simulation
    private void aim(Group group, Latencies recorded, ObservedFigures simulated, double scale) {
        double wanted = wanted(group, recorded);
        double had = scale * had(group, recorded, simulated);
        String teller = teller(group, recorded);
        if (group.which == Which.FLUSHED_BY_PAGE && Usual.isOctave(teller)) {
            double pages = MIDDLE_OF_OCTAVE * Usual.longestIn(teller) / Hardware.PAGE_SIZE;
            // A hypervisor makes it a thousand times what it is: no other kind tells anything of it.
            group.aim(wanted, had, 1, pages * common * before.ns(Cost.TLBI));
        } else {
            group.aim(wanted, had, weight(group, recorded));
        }
    }

    private double commonFactor(Latencies recorded, ObservedFigures simulated) {
        double[] factors = groups.stream().filter(group -> isTold(group, recorded, simulated))
                .mapToDouble(group -> wanted(group, recorded) / had(group, recorded, simulated)).sorted().toArray();
        return factors.length == 0 ? 1 : Math.clamp(factors[factors.length / 2], 1 / MOST, MOST);
    }

    private CostModel costs() {
        CostModel costs = before;
        for (Cost cost : told()) {
            costs = costs.times(cost, common);
        }
        for (Group group : groups) {
            for (Cost cost : group.costs) {
                costs = costs.times(cost, group.factor);
            }
        }
        return costs;
    }

    private boolean isTold(Group group, Latencies recorded, ObservedFigures simulated) {
        return wanted(group, recorded) > 0 && had(group, recorded, simulated) > 0;
    }

    private double weight(Group group, Latencies recorded) {
        double calls = recorded.count(teller(group, recorded));
        return isOfFaults(group) ? 1 : calls / (calls + MANY_CALLS);
    }

    private static boolean isOfFaults(Group group) {
        return group.names.contains(ObservedFigures.PAGE_FAULT);
    }

    /// The calls that tell, by the name under which the recording has them undisturbed.
    private String teller(Group group, Latencies recorded) {
        String name = group.names.stream().filter(each -> recorded.count(each) >= LEAST_CALLS).findFirst().orElse(group.names.getFirst());
        return switch (group.which) {
            case ALL -> name;
            case SHORT -> octaves(List.of(name), recorded)
                    .min(Comparator.comparingDouble(octave -> recorded.percentile(octave, MEDIAN))).orElse(name);
            case FLUSHED_BY_PAGE -> longest(octaves(group.names, recorded).filter(this::isFlushedByPage), recorded).orElse(name);
            case FLUSHED_WHOLE -> longest(octaves(List.of(name), recorded).filter(octave -> !isFlushedByPage(octave)), recorded)
                    .orElse(name);
        };
    }

    private static Stream<String> octaves(List<String> names, Latencies recorded) {
        return recorded.names().stream()
                .filter(kind -> recorded.count(kind) >= LEAST_CALLS && names.stream().anyMatch(name -> Usual.isOctaveOf(name, kind)));
    }

    /// Those that took longest, all together, each as long as the median.
    private static Optional<String> longest(Stream<String> octaves, Latencies recorded) {
        return octaves.max(Comparator.comparingDouble(octave -> (double) recorded.percentile(octave, MEDIAN) * recorded.count(octave)));
    }

    private boolean isFlushedByPage(String octave) {
        return Usual.longestIn(octave) < Tlb.wholeFrom(replay.hardware().architecture()) * Hardware.PAGE_SIZE;
    }

    private double had(Group group, Latencies recorded, ObservedFigures simulated) {
        Latencies latencies = isOfFaults(group) ? simulated.latencies : simulated.undisturbed;
        return latencies.percentile(teller(group, recorded), MEDIAN);
    }

    private double wanted(Group group, Latencies recorded) {
        if (isOfFaults(group)) {
            return replay.workload().faultNs;
        }
        String name = teller(group, recorded);
        return recorded.count(name) < LEAST_CALLS ? 0 : recorded.percentile(name, MEDIAN);
    }
}
