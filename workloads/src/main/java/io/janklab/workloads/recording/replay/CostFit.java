package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Spread;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Spreads;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The costs of calls and faults on the recorded machine, from the undisturbed calls of the recording: no switch, no wait for a lock.
///
/// What a call does is the simulated kernel's knowledge: the workload is replayed with every lock granted at once, and once more for each
/// [CallStep] with its costs raised; by how much a call takes longer then is its share of that step. Calls of one kind that do the same are
/// one row, which asks that its parts add up to the median that was recorded; [StepFactors] finds the factors, none below zero, that come
/// nearest. Waits are not part of the fit: a replay predicts them.
public final class CostFit {
    private static final double MEDIAN = 50;
    /// So many calls are compared: the first ones.
    private static final int MOST_CALLS = 40_000;
    private static final int LEAST_COLD = 20;
    private static final Set<Cost> FAULT = EnumSet.of(
            Cost.FAULT_ENTRY, Cost.FAULT_WALK, Cost.PAGE_ALLOC, Cost.LRU_ADD, Cost.PAGE_ZERO, Cost.PTE_SET);
    /// An interrupt of another core in a flush, as its sender waits for it.
    private static final Set<Cost> INTERRUPT = EnumSet.of(Cost.IPI_SEND, Cost.IPI_DELIVERY, Cost.INTERRUPT);

    private final Replay replay;
    private final KernelProfile uncontended;
    private final CostModel before;

    private CostFit(Replay replay, KernelProfile uncontended) {
        this.replay = replay;
        this.uncontended = uncontended;
        this.before = replay.costs();
    }

    /// The replay at costs fitted to it.
    public static Replay fit(Replay replay, KernelProfile profile) {
        return replay.at(new CostFit(replay, profile.with(Switch.ORACLE, SwitchValue.UNCONTENDED)).costs());
    }

    /// The costs that the recording determines.
    public static Set<Cost> told() {
        Set<Cost> all = EnumSet.copyOf(FAULT);
        for (CallStep step : CallStep.values()) {
            all.addAll(step.costs());
        }
        all.addAll(INTERRUPT);
        all.add(Cost.IDLE_EXIT);
        return all;
    }

    /// In these replays nobody waits for the cores that are to flush: who they are differs from one replay to the next. Nor is anything
    /// cold.
    private static CostModel base(CostModel model) {
        CostModel costs = model.with(Cost.KERNEL_COLD, 0).with(Cost.KERNEL_COLDER, 0);
        for (Cost cost : INTERRUPT) {
            costs = costs.with(cost, 0);
        }
        return costs;
    }

    private CostModel costs() {
        ObservedFigures first = replay.at(base(before)).compare(uncontended, MOST_CALLS).figures();
        CostModel costs = withIdleExit(scaled(before, FAULT, faultFactor(first)), replay.workload().idleExitNs);
        CostModel base = base(costs);
        List<FitRow.Call> calls = counted(replay.at(base).compare(uncontended, MOST_CALLS).calls(), base);
        if (calls.isEmpty()) {
            return costs;
        }
        StepFactors factors = StepFactors.of(FitRow.of(calls, base));
        for (CallStep step : CallStep.values()) {
            costs = scaled(costs, step.costs(), factors.of(step));
        }
        costs = withInterrupt(costs, factors.of(CallStep.INTERRUPT) * CallStep.INTERRUPT.unitNs(base));
        return withCold(costs, calls, base, factors.of(CallStep.ENTER_COLD) * CallStep.ENTER_COLD.unitNs(base));
    }

    private double faultFactor(ObservedFigures simulated) {
        long had = simulated.latencies.percentile(ObservedFigures.PAGE_FAULT, MEDIAN);
        return had <= 0 || replay.workload().faultNs <= 0 ? 1 : (double) replay.workload().faultNs / had;
    }

    private static CostModel scaled(CostModel costs, Set<Cost> which, double factor) {
        CostModel scaled = costs;
        for (Cost cost : which) {
            scaled = scaled.times(cost, factor);
        }
        return scaled;
    }

    private static CostModel withIdleExit(CostModel costs, List<Long> spread) {
        return spread.isEmpty() ? costs
                : costs.with(Cost.IDLE_EXIT, new Spread(spread.stream().mapToLong(Long::longValue).toArray()));
    }

    /// @param ns from the sending of an interrupt until the other core has answered
    private static CostModel withInterrupt(CostModel costs, double ns) {
        double known = costs.ns(Cost.IPI_SEND) + costs.ns(Cost.INTERRUPT);
        return ns >= known
                ? costs.with(Cost.IPI_DELIVERY, Math.round(ns - known))
                : costs.with(Cost.IPI_DELIVERY, 0).times(Cost.IPI_SEND, ns / known).times(Cost.INTERRUPT, ns / known);
    }

    /// How much a cold entry adds differs from one to the next: as the calls that were cold took longer than those that do the same warm.
    ///
    /// @param usualNs for a recording that has too few of both
    private static CostModel withCold(CostModel costs, List<FitRow.Call> calls, CostModel base, double usualNs) {
        long[] excess = FitRow.coldExcess(calls, base);
        if (excess.length < LEAST_COLD) {
            return costs.with(Cost.KERNEL_COLD, Math.round(usualNs));
        }
        return costs.with(Cost.KERNEL_COLD, new Spread(Spreads.of(excess)));
    }

    /// What each call does, by the steps it takes.
    private List<FitRow.Call> counted(List<ComparedCall> plain, CostModel base) {
        Map<Integer, List<FitRow.Call>> byThread = new HashMap<>();
        List<FitRow.Call> all = new ArrayList<>();
        for (ComparedCall call : plain) {
            FitRow.Call counted = new FitRow.Call(call);
            byThread.computeIfAbsent(call.thread(), thread -> new ArrayList<>()).add(counted);
            all.add(counted);
        }
        if (all.isEmpty()) {
            return all;
        }
        for (List<CallStep> together : CallStep.runs()) {
            CostModel longer = base;
            for (CallStep step : together) {
                longer = step.longer(longer);
            }
            count(together, replay.at(longer).compare(uncontended, MOST_CALLS).calls(), byThread);
        }
        all.stream().filter(call -> call.recorded().isBeside() && call.part(CallStep.FLUSH_PAGE) + call.part(CallStep.FLUSH_ALL) > 0)
                .forEach(call -> call.add(CallStep.INTERRUPT, CallStep.INTERRUPT.unitNs(base)));
        return all;
    }

    /// A thread makes the same calls in the same order in each replay.
    private static void count(List<CallStep> together, List<ComparedCall> longer, Map<Integer, List<FitRow.Call>> calls) {
        Map<Integer, Integer> next = new HashMap<>();
        for (ComparedCall call : longer) {
            int at = next.merge(call.thread(), 1, Integer::sum) - 1;
            List<FitRow.Call> same = calls.getOrDefault(call.thread(), List.of());
            if (at < same.size()) {
                FitRow.Call plain = same.get(at);
                together.stream().filter(step -> step.isOf(call.what())).findFirst()
                        .ifPresent(step -> plain.add(step, Math.max(0, call.ranNs() - plain.recorded().ranNs())));
            }
        }
    }
}
