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

/// What calls and faults cost on the recorded machine, from those calls of the recording that nothing disturbed: no switch, no wait for a
/// lock.
///
/// The workload is replayed with every lock granted at once; each group of costs is scaled so that the median of its calls comes out as
/// recorded, and once more, since groups share steps. Waits are no part of it: what a replay says of them is predicted.
public final class CostFit {
    private static final int ROUNDS = 4;
    private static final int LEAST_CALLS = 10;
    private static final double MOST = 200;

    /// Costs that are scaled together to fit the calls of that name.
    private record Group(String what, List<Cost> costs) {}

    private static final List<Group> GROUPS = List.of(
            new Group(Figures.PAGE_FAULT,
                    List.of(Cost.FAULT_ENTRY, Cost.FAULT_WALK, Cost.PAGE_ALLOC, Cost.LRU_ADD, Cost.PAGE_ZERO, Cost.PTE_SET)),
            new Group("munmap", List.of(Cost.MUNMAP, Cost.ZAP_PTE, Cost.PAGE_FREE, Cost.PAGE_TABLE_FREE, Cost.TLBI, Cost.TLBI_ALL)),
            new Group("madvise(DONTNEED)", List.of(Cost.MADVISE, Cost.ZAP_PTE, Cost.PAGE_FREE)),
            new Group("madvise(FREE)", List.of(Cost.FREE_PTE, Cost.LRU_MOVE)),
            new Group("mmap", List.of(Cost.MMAP)),
            new Group("mprotect", List.of(Cost.MPROTECT, Cost.VMA_SPLIT, Cost.VMA_MERGE)),
            new Group("mremap", List.of(Cost.MREMAP)));

    private final Replay replay;
    private CostModel costs;

    private CostFit(Replay replay) {
        this.replay = replay;
        this.costs = replay.costs();
    }

    /// The replay at costs fitted to it.
    public static Replay fit(Replay replay, KernelProfile profile) {
        CostFit fit = new CostFit(replay);
        fit.run(profile.with(Switch.ORACLE, SwitchValue.UNCONTENDED));
        return replay.at(fit.costs);
    }

    /// The costs that the recording tells of.
    public static Set<Cost> told() {
        Set<Cost> all = EnumSet.noneOf(Cost.class);
        GROUPS.forEach(group -> all.addAll(group.costs));
        return all;
    }

    private void run(KernelProfile uncontended) {
        Latencies recorded = replay.recorded().undisturbed;
        for (int round = 0; round < ROUNDS; round++) {
            Figures simulated = replay.at(costs).run(uncontended, 1);
            Set<Cost> scaled = EnumSet.noneOf(Cost.class);
            for (Group group : GROUPS) {
                scale(group, recorded, simulated, scaled);
            }
        }
    }

    private void scale(Group group, Latencies recorded, Figures simulated, Set<Cost> scaled) {
        double wanted = wanted(group.what, recorded);
        boolean isFault = group.what.equals(Figures.PAGE_FAULT);
        double had = (isFault ? simulated.latencies : simulated.undisturbed).percentile(group.what, 50);
        if (wanted <= 0 || had <= 0) {
            return;
        }
        double factor = Math.clamp(wanted / had, 1 / MOST, MOST);
        for (Cost cost : group.costs) {
            // What an earlier group has settled stays: munmap's zap is MADV_DONTNEED's too.
            if (scaled.add(cost)) {
                costs = costs.times(cost, factor);
            }
        }
    }

    private double wanted(String what, Latencies recorded) {
        if (what.equals(Figures.PAGE_FAULT)) {
            return replay.workload().faultNs;
        }
        return recorded.count(what) < LEAST_CALLS ? 0 : recorded.percentile(what, 50);
    }
}
