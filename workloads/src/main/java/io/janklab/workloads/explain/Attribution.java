package io.janklab.workloads.explain;

import io.janklab.dashboards.compare.SeedMetric;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.kernel.config.Switch;
import io.janklab.program.Nearest;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Mean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The effect on a metric of each of the switches in which two kernels differ. All figures are means over paired seeds, with their
/// intervals.
///
/// Each switch is turned by itself on the first kernel, and turned last on the way to the second. Where those two disagree, switches act on
/// one another; the share settles it: the mean of a switch's effect over the orders in which they can be turned (Shapley, 1953), all orders
/// where the switches are few, else a random sample, each order with its reverse. Shares add up to the whole.
///
/// @param from        the metric on the first kernel
/// @param to          on the second
/// @param change      second less first
/// @param parts of the switches that have any effect
/// @param interaction the rest of the change when the effect of each switch by itself is subtracted
/// @param silent      switches that change no event of any run, at neither end
/// @param orders how many orders the shares are the mean of; 0 for all
public record Attribution(
        SeedMetric metric, Mean from, Mean to, Mean change, List<Part> parts, Mean interaction, List<Switch> silent, int orders) {
    /// Beyond this many switches orders are sampled.
    private static final int MOST_EXACT = 4;

    /// @param turned `mmap → vma`
    /// @param alone  turned by itself on the first kernel
    /// @param last   turned last, all others being turned already
    /// @param share  the mean over orders
    public record Part(Switch which, String turned, Mean alone, Mean last, Mean share) {}

    public Attribution {
        parts = List.copyOf(parts);
        silent = List.copyOf(silent);
    }

    /// Makes the necessary runs.
    ///
    /// @param orders how many orders to draw where not all can be tried; each is run backwards as well
    /// @param random what they are drawn from
    /// @throws BadInput if the workload has no such metric
    public static Attribution of(Coalitions coalitions, String metric, int orders, Random random) {
        List<String> there = SeedMetric.names(coalitions.of(0).getFirst());
        if (!there.contains(metric)) {
            throw new BadInput("--metric: there is no '" + metric + "'" + Nearest.instead(metric, there, "compare") + ".");
        }
        return new Making(coalitions, SeedMetric.of(metric, coalitions.of(0).getFirst())).attribution(orders, random);
    }

    /// An attribution in progress.
    private record Making(Coalitions runs, SeedMetric metric) {
        Attribution attribution(int orders, Random random) {
            long all = runs.everything();
            int count = runs.switches().size();
            List<Long> ends = new ArrayList<>(List.of(0L, all));
            IntStream.range(0, count).forEach(i -> ends.addAll(List.of(1L << i, all & ~(1L << i))));
            runs.run(ends);
            int[] active = IntStream.range(0, count).filter(i -> !isSilent(i)).toArray();
            boolean exact = active.length <= MOST_EXACT;
            List<int[]> ways = exact ? permutations(active) : drawn(active, orders, random);
            runs.run(ways.stream().flatMapToLong(Making::sets).boxed().toList());
            double[] change = difference(all, 0);
            List<Part> parts = Arrays.stream(active).mapToObj(i -> part(i, ways)).toList();
            return new Attribution(metric, Mean.of(values(0)), Mean.of(values(all)), Mean.of(change), parts, interaction(change, active),
                    IntStream.range(0, count).filter(this::isSilent).mapToObj(runs.switches()::get).toList(), exact ? 0 : ways.size());
        }

        private boolean isSilent(int index) {
            long all = runs.everything();
            return runs.alike(0, 1L << index) && runs.alike(all, all & ~(1L << index));
        }

        private Part part(int index, List<int[]> ways) {
            long all = runs.everything();
            double[] share = new double[runs.seeds()];
            for (int[] way : ways) {
                long before = Arrays.stream(way).takeWhile(each -> each != index).mapToLong(each -> 1L << each).sum();
                add(share, difference(before | 1L << index, before), 1.0 / ways.size());
            }
            return new Part(runs.switches().get(index), runs.turn(index), Mean.of(difference(1L << index, 0)),
                    Mean.of(difference(all, all & ~(1L << index))), Mean.of(share));
        }

        private Mean interaction(double[] change, int[] active) {
            double[] left = change.clone();
            Arrays.stream(active).forEach(i -> add(left, difference(1L << i, 0), -1));
            return Mean.of(left);
        }

        private static void add(double[] to, double[] values, double factor) {
            for (int i = 0; i < to.length; i++) {
                to[i] += factor * values[i];
            }
        }

        private double[] difference(long set, long less) {
            double[] difference = values(set);
            add(difference, values(less), -1);
            return difference;
        }

        private double[] values(long set) {
            return runs.of(set).stream().mapToDouble((SeedRun run) -> metric.of(run)).toArray();
        }

        /// The sets of turned switches on the way of that order.
        private static LongStream sets(int[] way) {
            return IntStream.rangeClosed(0, way.length)
                    .mapToLong(length -> Arrays.stream(way, 0, length).mapToLong(each -> 1L << each).sum());
        }

        private static List<int[]> drawn(int[] active, int orders, Random random) {
            List<int[]> ways = new ArrayList<>();
            List<Integer> order = new ArrayList<>(Arrays.stream(active).boxed().toList());
            for (int i = 0; i < orders; i++) {
                Collections.shuffle(order, random);
                ways.add(order.stream().mapToInt(each -> each).toArray());
                ways.add(order.reversed().stream().mapToInt(each -> each).toArray());
            }
            return ways;
        }

        private static List<int[]> permutations(int[] active) {
            if (active.length == 0) {
                return List.of(active);
            }
            List<int[]> ways = new ArrayList<>();
            for (int first : active) {
                for (int[] rest : permutations(Arrays.stream(active).filter(each -> each != first).toArray())) {
                    ways.add(IntStream.concat(IntStream.of(first), Arrays.stream(rest)).toArray());
                }
            }
            return ways;
        }
    }
}
