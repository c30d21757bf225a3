package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.CostModel;
import io.janklab.workloads.recording.workload.Beside;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Calls of one kind that do the same: how long they took, and of what that is made up.
///
/// @param calls how many there are
/// @param weight that number beside the root of how many there are of that kind, whatever they do
/// @param tookNs the median in the recording
/// @param fixedNs what belongs to no step
/// @param parts what each [CallStep] takes at the costs before the fit (ns), by its ordinal
record FitRow(int calls, double weight, double tookNs, double fixedNs, double[] parts) {
    private static final int MOST_ROWS = 120;
    private static final int LEAST_CALLS = 3;
    /// Counts up to this are told apart, greater ones by quarters of octaves.
    private static final int FEW = 4;
    private static final int PARTS_OF_OCTAVE = 4;

    /// What calls do, and what it is at those costs; there are many calls that do the same.
    private static final class Deeds {
        private final CostModel costs;
        private final Map<Deed, double[]> parts = new HashMap<>();
        private final Map<Deed, String> words = new HashMap<>();

        Deeds(CostModel costs) {
            this.costs = costs;
        }

        private record Deed(CallWork work, boolean interrupts) {
            static Deed of(ComparedCall call) {
                return new Deed(call.work(), call.interrupts());
            }
        }

        double[] parts(ComparedCall call) {
            return parts.computeIfAbsent(Deed.of(call), same -> FitRow.parts(call, costs));
        }

        String inWords(ComparedCall call) {
            return words.computeIfAbsent(Deed.of(call), same -> FitRow.inWords(call, parts(call), costs));
        }
    }

    /// What each step of `call` takes at those costs (ns), by its ordinal.
    static double[] parts(ComparedCall call, CostModel costs) {
        double[] parts = new double[CallStep.values().length];
        Arrays.setAll(parts, i -> call.work().partNs(CallStep.values()[i], costs));
        parts[CallStep.INTERRUPT.ordinal()] = call.interrupts() ? CallStep.INTERRUPT.unitNs(costs) : 0;
        parts[CallStep.EXIT.ordinal()] = call.isExit() ? CallStep.EXIT.unitNs(costs) : 0;
        return parts;
    }

    /// The rows of which there are most calls.
    static List<FitRow> of(List<ComparedCall> calls, CostModel costs) {
        Deeds deeds = new Deeds(costs);
        Map<String, List<ComparedCall>> alike = new LinkedHashMap<>();
        Map<String, Integer> ofKind = new HashMap<>();
        for (ComparedCall call : calls) {
            if (call.beside() != Beside.IN_PART) {
                ofKind.merge(call.work().what(), 1, Integer::sum);
                alike.computeIfAbsent(deeds.inWords(call), same -> new ArrayList<>()).add(call);
            }
        }
        return alike.values().stream().filter(same -> same.size() >= LEAST_CALLS)
                .sorted(Comparator.comparingInt((List<ComparedCall> same) -> -same.size())).limit(MOST_ROWS)
                .map(same -> row(same, ofKind.getOrDefault(same.getFirst().work().what(), 1), deeds)).toList();
    }

    private static String inWords(ComparedCall call, double[] parts, CostModel costs) {
        StringBuilder text = new StringBuilder(call.work().what());
        for (CallStep step : CallStep.values()) {
            double count = parts[step.ordinal()] / step.unitNs(costs);
            text.append(' ').append(count <= FEW ? Math.round(count) : octave(count) + FEW);
        }
        return text.toString();
    }

    private static long octave(double count) {
        return Math.round(PARTS_OF_OCTAVE * Math.log(count) / Math.log(2));
    }

    private static FitRow row(List<ComparedCall> same, int ofKind, Deeds deeds) {
        double[] parts = new double[CallStep.values().length];
        for (ComparedCall call : same) {
            double[] some = deeds.parts(call);
            Arrays.setAll(parts, i -> parts[i] + some[i] / same.size());
        }
        double[] took = same.stream().mapToDouble(ComparedCall::tookNs).sorted().toArray();
        double fixed = same.stream().mapToDouble(call -> call.work().fixedNs(deeds.costs)).average().orElse(0);
        return new FitRow(same.size(), same.size() / Math.sqrt(ofKind), Math.max(1, took[took.length / 2]), fixed, parts);
    }
}
