package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.HeatMap;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedMetric;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.cli.run.RunJob;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.map.MapEntry;
import io.janklab.workloads.map.MapJournal;
import io.janklab.workloads.sweep.Design;
import io.janklab.workloads.sweep.Factor;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The cells of a map, counted row by row, and the two settings of each: its runs, planned and checked.
///
/// @param columns values by key, one for each column
/// @param rows likewise
/// @param metric by which the kernels are judged
/// @param plan its settings are the two of the first cell, then the two of the next
record MapGrid(String x, List<String> columns, String y, List<String> rows, String metric, RunPlan plan) {
    private static final Set<String> NO_AXES = Set.of("kernel", "name");

    /// @param planner of the runs of these sides
    /// @throws BadInput if any of it cannot be used
    static MapGrid of(List<String> kernels, String x, String y, @Nullable String metric, Function<List<Side>, RunPlan> planner) {
        Factor columns = axis("--x", x);
        Factor rows = axis("--y", y);
        if (columns.key().equals(rows.key())) {
            throw new BadInput("--x and --y vary different keys: both are " + rows.key() + ".");
        }
        List<Side> sides = new ArrayList<>();
        Design.points(Design.GRID, List.of(rows, columns))
                .forEach(point -> kernels.forEach(kernel -> sides.add(Side.ofKernel(kernel).with(point))));
        RunPlan plan = planner.apply(sides);
        String judged = metric == null ? plan.settings().getFirst().scenario().headline() : metric;
        Metrics.check(judged, plan);
        return new MapGrid(columns.key(), columns.gridValues(), rows.key(), rows.gridValues(), judged, plan);
    }

    private static Factor axis(String option, String text) {
        Factor factor = Factor.parse(option, text);
        if (NO_AXES.contains(factor.key())) {
            throw new BadInput(option + " varies a key of the scenario, a switch, a cost, device or scenario, not " + factor.key()
                    + ": the kernels are those of --kernels.");
        }
        List<String> values = factor.gridValues();
        for (int i = 0; i < values.size(); i++) {
            if (values.subList(0, i).contains(values.get(i))) {
                throw new BadInput(option + " " + factor.key() + " has the value " + values.get(i) + " twice.");
            }
        }
        return factor;
    }

    int size() {
        return columns.size() * rows.size();
    }

    /// What is run in any cell for `device` or `scenario`.
    List<String> all(Side base, String key) {
        return x.equals(key) ? columns : y.equals(key) ? rows : List.of(base.value(key));
    }

    /// The runs of a cell: the first kernel's seeds, then the second's.
    List<RunSpec> runs(int cell) {
        int each = 2 * plan.seeds().size();
        return plan.specs().subList(cell * each, (cell + 1) * each);
    }

    /// The cell, of whose runs these are the results.
    MapEntry entry(int cell, List<RunResult> results) {
        KernelResult from = plan.kernelResult(2 * cell, results.subList(0, plan.seeds().size()));
        KernelResult to = plan.kernelResult(2 * cell + 1, results.subList(plan.seeds().size(), results.size()));
        Experiment experiment = Experiment.of(plan.workload(), "", metric, plan.seeds(), null, List.of(from, to), null);
        Comparison found = experiment.findComparison(to.name(), metric)
                .orElseThrow(() -> Metrics.none(metric, experiment.comparisons().stream().map(Comparison::metric).toList()));
        return MapEntry.of(cell, inWords(from), found, RunJob.digests(results));
    }

    /// A run may have none, such as an app that was never displayed.
    private String inWords(KernelResult from) {
        SeedMetric value = SeedMetric.names(from.runs().getFirst()).contains(metric) ? SeedMetric.of(metric, from.runs().getFirst()) : null;
        double mean = value == null ? Double.NaN : from.runs().stream().mapToDouble(value::of).average().orElseThrow();
        return Double.isNaN(mean) ? "–" : String.format(Locale.ROOT, "%.2f", mean);
    }

    /// The map, all of whose cells are in that journal.
    HeatMap drawn(MapJournal journal, List<String> kernels) {
        List<List<HeatMap.Cell>> cells = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<HeatMap.Cell> line = new ArrayList<>();
            for (int column = 0; column < columns.size(); column++) {
                line.add(drawn(journal.cell(row * columns.size() + column), kernels));
            }
            cells.add(line);
        }
        int seeds = plan.seeds().size();
        String title = kernels.getFirst() + " and " + kernels.getLast() + ": " + plan.workload() + " on "
                + plan.names(setting -> setting.device().name()) + ", " + seeds + (seeds == 1 ? " seed" : " seeds");
        return new HeatMap(title, metric, x, columns, y, rows, cells);
    }

    private HeatMap.Cell drawn(MapEntry entry, List<String> kernels) {
        var from = plan.settings().get(2 * entry.cell());
        var to = plan.settings().get(2 * entry.cell() + 1);
        // The command that compares the two kernels in that cell alone: the first one's run, for both.
        String one = "janklab run --kernel " + kernels.getFirst();
        String compare = "janklab compare --kernels " + String.join(",", kernels);
        String command = Objects.requireNonNull(from.command()).replace(one, compare) + " --seeds " + plan.seeds().size();
        return new HeatMap.Cell(entry.comparison(from.label(), to.label(), metric, plan.seeds().size()), entry.from(), command);
    }
}
