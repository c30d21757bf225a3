package io.janklab.workloads.recording.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;

/// The factor by which each step's costs are to be scaled so that rows add up to what was recorded: the least sum of relative errors, each
/// as heavy as the root of its number of calls. No factor is below zero. A step of which the rows say nothing gets the factor that is the
/// median of all.
///
/// Least absolute errors, by linear programming, for a few rows may be far off: those of calls that had more to do than the simulated
/// kernel knows.
final class StepFactors {
    /// How heavy it is that a factor is not the common one, beside a row of one call that is wrong by its whole length.
    private static final double COMMON_WEIGHT = 1e-2;
    /// Errors of shorter calls are relative to it, as in the null test.
    private static final double RESOLUTION_NS = 1_000;
    private static final int MOST_TURNS = 20_000;

    private final double[] factors;
    private final boolean[] told;

    private StepFactors(double[] factors, boolean... told) {
        this.factors = factors;
        this.told = told;
    }

    double of(CallStep step) {
        return factors[step.ordinal()];
    }

    /// Whether calls have told it: some take it.
    boolean isTold(CallStep step) {
        return told[step.ordinal()];
    }

    static StepFactors of(List<FitRow> rows) {
        int steps = CallStep.values().length;
        double common = common(rows);
        // For each equation, of a row or of a step's usual factor, its error above and below zero.
        int equations = rows.size() + steps;
        int variables = steps + 2 * equations;
        double[] goal = new double[variables];
        List<LinearConstraint> constraints = new ArrayList<>();
        for (int row = 0; row < equations; row++) {
            double[] left = new double[variables];
            left[steps + 2 * row] = 1;
            left[steps + 2 * row + 1] = -1;
            double right;
            double weight;
            if (row < rows.size()) {
                FitRow calls = rows.get(row);
                double whole = Math.max(RESOLUTION_NS, calls.tookNs());
                for (int step = 0; step < steps; step++) {
                    left[step] = calls.parts()[step] / whole;
                }
                right = (calls.tookNs() - calls.fixedNs()) / whole;
                weight = calls.weight();
            } else {
                left[row - rows.size()] = 1 / common;
                right = 1;
                weight = COMMON_WEIGHT;
            }
            goal[steps + 2 * row] = weight;
            goal[steps + 2 * row + 1] = weight;
            constraints.add(new LinearConstraint(left, Relationship.EQ, right));
        }
        double[] solution = new SimplexSolver().optimize(new MaxIter(MOST_TURNS), new LinearObjectiveFunction(goal, 0),
                new LinearConstraintSet(constraints), GoalType.MINIMIZE, new NonNegativeConstraint(true)).getPoint();
        boolean[] told = new boolean[steps];
        for (int step = 0; step < steps; step++) {
            int ordinal = step;
            told[step] = rows.stream().anyMatch(row -> row.parts()[ordinal] > 0);
        }
        return new StepFactors(Arrays.copyOf(solution, steps), told);
    }

    /// The median row's, as if all its parts had one.
    private static double common(List<FitRow> rows) {
        List<FitRow> sorted = rows.stream().filter(row -> parts(row) > 0).sorted(Comparator.comparingDouble(StepFactors::factor)).toList();
        return sorted.isEmpty() ? 1 : Math.max(1e-3, factor(sorted.get(sorted.size() / 2)));
    }

    private static double factor(FitRow row) {
        return (row.tookNs() - row.fixedNs()) / parts(row);
    }

    private static double parts(FitRow row) {
        return Arrays.stream(row.parts()).sum();
    }
}
