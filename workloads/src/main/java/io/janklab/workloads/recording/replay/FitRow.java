package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.CostModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Calls of one kind that do the same: how long they took, and of what that is made up.
///
/// @param calls how many there are
/// @param weight that number beside the root of how many there are of that kind, whatever they do
/// @param tookNs the median in the recording
/// @param fixedNs what no step explains, in the replay
/// @param parts what each [CallStep] takes at the costs before the fit (ns), by its ordinal
record FitRow(int calls, double weight, double tookNs, double fixedNs, double[] parts) {
    private static final int MOST_ROWS = 80;
    private static final int LEAST_CALLS = 3;
    /// Counts up to this are told apart, greater ones by quarters of octaves.
    private static final int FEW = 4;
    private static final int PARTS_OF_OCTAVE = 4;
    /// What no step explains is told apart above it (ns).
    private static final long FEW_NS = 500;

    /// One call and its parts so far.
    static final class Call {
        private final ComparedCall recorded;
        private final double[] parts = new double[CallStep.values().length];

        Call(ComparedCall recorded) {
            this.recorded = recorded;
        }

        ComparedCall recorded() {
            return recorded;
        }

        void add(CallStep step, double ns) {
            parts[step.ordinal()] += ns;
        }

        double part(CallStep step) {
            return parts[step.ordinal()];
        }

        /// What no step explains, in the replay (ns): there interrupts and cold entries cost nothing.
        double fixedNs() {
            return recorded.ranNs() - Arrays.stream(parts).sum() + part(CallStep.INTERRUPT) + part(CallStep.ENTER_COLD);
        }

        /// @param costs at which its parts are
        /// @param but a step that does not count
        private String does(CostModel costs, @Nullable CallStep but) {
            StringBuilder text = new StringBuilder(recorded.what()).append(' ').append(octave(Math.max(1, fixedNs() / FEW_NS)));
            for (CallStep step : CallStep.values()) {
                double count = step == but ? 0 : part(step) / step.unitNs(costs);
                text.append(' ').append(count <= FEW ? Math.round(count) : octave(count) + FEW);
            }
            return text.toString();
        }

        private static long octave(double count) {
            return Math.round(PARTS_OF_OCTAVE * Math.log(count) / Math.log(2));
        }
    }

    /// By how much calls that entered the kernel cold took longer than the median of those that did the same warm (ns), ascending.
    static long[] coldExcess(List<Call> calls, CostModel costs) {
        Map<String, List<Call>> alike = new LinkedHashMap<>();
        calls.forEach(call -> alike.computeIfAbsent(call.does(costs, CallStep.ENTER_COLD), does -> new ArrayList<>()).add(call));
        return alike.values().stream().flatMapToLong(FitRow::coldExcess).sorted().toArray();
    }

    private static LongStream coldExcess(List<Call> same) {
        long[] warm = same.stream().filter(call -> call.part(CallStep.ENTER_COLD) == 0).mapToLong(call -> call.recorded.tookNs()).sorted()
                .toArray();
        return warm.length < LEAST_CALLS ? LongStream.empty()
                : same.stream().filter(call -> call.part(CallStep.ENTER_COLD) > 0)
                .mapToLong(call -> Math.max(0, call.recorded.tookNs() - warm[warm.length / 2]));
    }

    /// The rows of which there are most calls.
    static List<FitRow> of(List<Call> calls, CostModel costs) {
        Map<String, List<Call>> alike = new LinkedHashMap<>();
        Map<String, Integer> ofKind = new HashMap<>();
        calls.forEach(call -> ofKind.merge(call.recorded.what(), 1, Integer::sum));
        calls.forEach(call -> alike.computeIfAbsent(call.does(costs, null), does -> new ArrayList<>()).add(call));
        return alike.values().stream().filter(same -> same.size() >= LEAST_CALLS)
                .sorted(Comparator.comparingInt((List<Call> same) -> -same.size())).limit(MOST_ROWS)
                .map(same -> row(same, ofKind.getOrDefault(same.getFirst().recorded.what(), 1))).toList();
    }

    private static FitRow row(List<Call> same, int ofKind) {
        double[] parts = new double[CallStep.values().length];
        same.forEach(call -> Arrays.setAll(parts, i -> parts[i] + call.parts[i] / same.size()));
        double[] took = same.stream().mapToDouble(call -> call.recorded.tookNs()).sorted().toArray();
        double[] fixed = same.stream().mapToDouble(Call::fixedNs).sorted().toArray();
        return new FitRow(same.size(), same.size() / Math.sqrt(ofKind), Math.max(1, took[took.length / 2]), fixed[fixed.length / 2], parts);
    }
}
