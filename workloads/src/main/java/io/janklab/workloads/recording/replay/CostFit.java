package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Spread;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.workloads.recording.workload.Beside;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The costs of calls and faults on the recorded machine, from the undisturbed calls of the recording: no switch, no wait for a lock.
///
/// What a call does is the simulated kernel's knowledge: the workload is replayed with every lock granted at once, and each call's charges
/// are counted. Calls of one kind that do the same are one row, which asks that its parts add up to the median that was recorded;
/// [StepFactors] finds the factors, none below zero, that come nearest. Waits are not part of the fit: a replay predicts them.
public final class CostFit {
    private static final double MEDIAN = 50;
    private static final Set<Cost> FAULT = EnumSet.of(
            Cost.FAULT_ENTRY, Cost.FAULT_WALK, Cost.PAGE_ALLOC, Cost.LRU_ADD, Cost.PAGE_ZERO, Cost.PTE_SET);
    /// An interrupt of another core in a flush, as its sender waits for it.
    private static final Set<Cost> INTERRUPT = EnumSet.of(Cost.IPI_SEND, Cost.IPI_DELIVERY, Cost.INTERRUPT);

    private final Replay replay;
    private final CostModel before;
    private final List<ComparedCall> calls;
    private final ObservedFigures figures;
    private final StepFactors factors;
    /// What each step takes at the fitted costs (ns), by its ordinal.
    private final Map<CallWork, double[]> parts = new HashMap<>();

    private CostFit(Replay replay, KernelProfile profile) {
        this.replay = replay;
        before = replay.costs();
        CostModel counting = counting(before);
        ComparedReplay compared = replay.at(counting).compare(profile.with(Switch.ORACLE, SwitchValue.UNCONTENDED));
        calls = compared.calls();
        figures = compared.figures();
        factors = StepFactors.of(FitRow.of(calls, before));
    }

    /// The replay at costs fitted to it.
    public static Replay fit(Replay replay, KernelProfile profile) {
        CostFit fit = new CostFit(replay, profile);
        return replay.at(fit.costs()).withOwnTimes(fit.ownTimes());
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

    /// In this replay nobody waits for the cores that are to flush, and a cold entry is only counted.
    private static CostModel counting(CostModel model) {
        CostModel costs = model.with(Cost.KERNEL_COLD, 1).with(Cost.KERNEL_COLDER, 0);
        for (Cost cost : INTERRUPT) {
            costs = costs.with(cost, 0);
        }
        return costs;
    }

    private CostModel costs() {
        CostModel costs = withFault(withIdleExit(before, replay.workload().idleExitNs));
        if (calls.isEmpty()) {
            return costs;
        }
        for (CallStep step : CallStep.values()) {
            if (step != CallStep.FAULT) {
                for (Cost cost : step.costs()) {
                    boolean isLeftOut = before.ns(cost) == 0 && !factors.isTold(step);
                    costs = isLeftOut ? costs : costs.with(cost, Math.round(factors.of(step) * step.priceNs(cost, before)));
                }
            }
        }
        return withInterrupt(costs, factors.of(CallStep.INTERRUPT) * CallStep.INTERRUPT.unitNs(before));
    }

    /// A fault takes what was recorded. Where calls tell what a page takes without the exception, the rest is the exception's.
    private CostModel withFault(CostModel costs) {
        long had = figures.latencies.percentile(ObservedFigures.PAGE_FAULT, MEDIAN);
        long recorded = replay.workload().faultNs;
        double factor = had <= 0 || recorded <= 0 ? 1 : (double) recorded / had;
        long withoutEntry = had - before.ns(Cost.FAULT_ENTRY);
        boolean isTold = factors.isTold(CallStep.FAULT) && withoutEntry > 0;
        double ofPage = !isTold ? factor
                : recorded <= 0 ? factors.of(CallStep.FAULT) : Math.min(factors.of(CallStep.FAULT), (double) recorded / withoutEntry);
        CostModel fitted = costs;
        for (Cost cost : FAULT) {
            fitted = fitted.times(cost, ofPage);
        }
        if (isTold && recorded > 0) {
            fitted = fitted.with(Cost.FAULT_ENTRY, Math.round(recorded - ofPage * withoutEntry));
        }
        return fitted;
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

    private OwnTimes ownTimes() {
        OwnTimes times = new OwnTimes();
        for (ComparedCall call : calls) {
            if (call.isExit()) {
                times.addEnd(call.thread(), call.tookNs(), ns(call));
            } else {
                times.addCall(call.thread(), call.tookNs(), ns(call), interruptNs(call) + partOf(call, CallStep.ENTER_COLD));
            }
        }
        return times;
    }

    private double[] parts(CallWork work) {
        return parts.computeIfAbsent(work, same -> {
            double[] all = new double[CallStep.values().length];
            for (CallStep step : CallStep.values()) {
                all[step.ordinal()] = factors.of(step) * same.partNs(step, before);
            }
            return all;
        });
    }

    private double partOf(ComparedCall call, CallStep step) {
        return parts(call.work())[step.ordinal()];
    }

    /// How long a call takes at the fitted costs.
    private double ns(ComparedCall call) {
        double ns = call.work().fixedNs(before) + interruptNs(call);
        for (double part : parts(call.work())) {
            ns += part;
        }
        return ns;
    }

    private double interruptNs(ComparedCall call) {
        boolean interrupts = call.beside() != Beside.NO && call.work().flushes();
        return interrupts ? factors.of(CallStep.INTERRUPT) * CallStep.INTERRUPT.unitNs(before) : 0;
    }
}
