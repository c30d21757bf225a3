package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.workloads.recording.workload.Figures;
import io.janklab.workloads.recording.workload.Latencies;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The costs of calls and faults on the recorded machine, from the undisturbed calls of the recording: no switch, no wait for a lock.
///
/// The workload is replayed with every lock granted at once, and costs are scaled until each kind of call takes as long as recorded: first
/// all of them by the factor that is the median kind's, then those of each kind by themselves. Short calls (a lower percentile) tell what a
/// call costs whatever its length, long ones (a higher percentile) what a page costs. What several kinds share, splitting and merging VMAs,
/// no kind tells alone: it keeps the common factor. A kind of few calls stays near it too. Waits are not part of the fit: a replay predicts
/// them.
public final class CostFit {
    private static final String MUNMAP = "munmap";
    private static final double SHORT = 30;
    private static final double MIDDLE = 50;
    private static final double LONG = 85;
    private static final int ROUNDS = 4;
    private static final int LEAST_CALLS = 10;
    /// A kind with this many calls has half the weight, the common factor the other half.
    private static final double MANY_CALLS = 100;
    private static final double MOST = 200;

    /// Costs that are scaled together to fit a percentile of the calls of the first of those names of which there are enough.
    private static final class Group {
        final List<String> names;
        final double percent;
        final Set<Cost> costs;
        /// By how much they are scaled, and what the median was then (ns).
        double factor = 1;
        double lastFactor;
        double lastNs;

        Group(List<String> names, double percent, Cost first, Cost... more) {
            this.names = names;
            this.percent = percent;
            this.costs = EnumSet.of(first, more);
        }

        /// The factor at which the median should be as wanted: as if it were the only cost at first, then along the line through the last
        /// two.
        ///
        /// @param weight from 0, none of it, to 1, all of it
        void aim(double wanted, double had, double weight) {
            double slope = lastFactor == 0 || lastFactor == factor ? had / factor : (had - lastNs) / (factor - lastFactor);
            lastFactor = factor;
            lastNs = had;
            // A flat or falling line says that these costs do not matter here.
            factor = slope <= 0 ? factor : Math.pow(Math.clamp(factor + (wanted - had) / slope, 1 / MOST, MOST), weight);
        }
    }

    private final Replay replay;
    private final CostModel before;
    private final List<Group> groups = groups();
    private double common = 1;

    private CostFit(Replay replay) {
        this.replay = replay;
        this.before = replay.costs();
    }

    private static List<Group> groups() {
        List<String> faults = List.of(Figures.PAGE_FAULT);
        List<String> dontneed = List.of("madvise(DONTNEED)");
        return List.of(
                new Group(faults, MIDDLE, Cost.FAULT_ENTRY, Cost.FAULT_WALK, Cost.PAGE_ALLOC, Cost.LRU_ADD, Cost.PAGE_ZERO, Cost.PTE_SET),
                new Group(List.of("madvise(other)", "madvise(WILLNEED)"), MIDDLE, Cost.MADVISE),
                new Group(dontneed, SHORT, Cost.TLBI, Cost.TLBI_ALL),
                new Group(List.of(dontneed.getFirst(), MUNMAP), LONG, Cost.ZAP_PTE, Cost.PAGE_FREE),
                new Group(List.of("madvise(FREE)"), MIDDLE, Cost.FREE_PTE, Cost.LRU_MOVE),
                new Group(List.of(MUNMAP), SHORT, Cost.MUNMAP, Cost.PAGE_TABLE_FREE),
                new Group(List.of("mmap"), MIDDLE, Cost.MMAP),
                new Group(List.of("mprotect"), MIDDLE, Cost.MPROTECT),
                new Group(List.of("mremap"), MIDDLE, Cost.MREMAP));
    }

    /// The replay at costs fitted to it.
    public static Replay fit(Replay replay, KernelProfile profile) {
        CostFit fit = new CostFit(replay);
        fit.run(profile.with(Switch.ORACLE, SwitchValue.UNCONTENDED));
        return replay.at(fit.costs());
    }

    /// The costs that the recording determines.
    public static Set<Cost> told() {
        Set<Cost> all = EnumSet.of(Cost.VMA_SPLIT, Cost.VMA_MERGE);
        groups().forEach(group -> all.addAll(group.costs));
        return all;
    }

    private void run(KernelProfile uncontended) {
        Latencies recorded = replay.recorded().undisturbed;
        for (int round = 0; round < ROUNDS; round++) {
            Figures simulated = replay.at(costs()).run(uncontended, 1);
            if (round == 0) {
                common = commonFactor(recorded, simulated);
            } else {
                groups.stream().filter(group -> isTold(group, recorded, simulated)).forEach(group ->
                        group.aim(wanted(group, recorded), had(group, recorded, simulated), weight(group, recorded)));
            }
        }
    }

    private double commonFactor(Latencies recorded, Figures simulated) {
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

    private boolean isTold(Group group, Latencies recorded, Figures simulated) {
        return wanted(group, recorded) > 0 && had(group, recorded, simulated) > 0;
    }

    private static double weight(Group group, Latencies recorded) {
        double calls = recorded.count(teller(group, recorded));
        return isOfFaults(group) ? 1 : calls / (calls + MANY_CALLS);
    }

    private static boolean isOfFaults(Group group) {
        return group.names.contains(Figures.PAGE_FAULT);
    }

    private static String teller(Group group, Latencies recorded) {
        return group.names.stream().filter(name -> recorded.count(name) >= LEAST_CALLS).findFirst().orElse(group.names.getFirst());
    }

    private static double had(Group group, Latencies recorded, Figures simulated) {
        Latencies latencies = isOfFaults(group) ? simulated.latencies : simulated.undisturbed;
        return latencies.percentile(teller(group, recorded), group.percent);
    }

    private double wanted(Group group, Latencies recorded) {
        if (isOfFaults(group)) {
            return replay.workload().faultNs;
        }
        String name = teller(group, recorded);
        return recorded.count(name) < LEAST_CALLS ? 0 : recorded.percentile(name, group.percent);
    }
}
