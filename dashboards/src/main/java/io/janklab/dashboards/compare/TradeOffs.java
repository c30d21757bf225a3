package io.janklab.dashboards.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Settings ranked by the late frames they save, and the Pareto front of late frames, memory and CPU time among them.
///
/// @param inUse the setting that the others are compared with; it is on the front unless one of them beats it
/// @param isInUseOnFront whether it is
/// @param others most late frames saved first; then by memory and CPU saved
/// @param evidence what the seeds can prove, all settings and the three figures taken together
public record TradeOffs(
        String scenario, String device, int seeds, KernelResult inUse, boolean isInUseOnFront, List<TradeOff> others, Evidence evidence) {
    private static final Comparator<TradeOff> BEST_FIRST = Comparator.comparingDouble((TradeOff each) ->
            TradeOff.certain(each.lateFrames()))
            .thenComparingDouble(each -> TradeOff.certain(each.memory()))
            .thenComparingDouble(each -> TradeOff.certain(each.cpu()))
            .thenComparingDouble(each -> each.lateFrames().difference())
            .thenComparing(TradeOff::setting);

    public TradeOffs {
        others = List.copyOf(others);
    }

    /// @param settings the first is in use; all ran the same seeds
    /// @param headline the scenario's own metric
    public static TradeOffs of(String scenario, String device, String headline, List<KernelResult> settings) {
        KernelResult inUse = settings.getFirst();
        List<Resource> resources = List.of(Resource.rssMean(), Resource.appCpu());
        Set<String> wanted = Set.of(PairedComparison.JANKY, headline, Resource.RSS_MEAN, Resource.APP_CPU);
        List<Comparison> all = new ArrayList<>();
        settings.stream().skip(1).forEach(other -> all.addAll(PairedComparison.of(inUse, other, resources, wanted::contains)));
        List<Comparison> corrected = Holm.correct(all, each -> !each.metric().equals(headline) || headline.equals(PairedComparison.JANKY));
        List<TradeOff> raw = settings.stream().skip(1).map(other -> tradeOff(inUse, other, headline, corrected)).toList();
        List<double[]> points = new ArrayList<>(raw.stream().map(TradeOffs::point).toList());
        points.add(new double[3]);
        List<TradeOff> others = new ArrayList<>();
        for (TradeOff each : raw) {
            boolean onFront = each.matters() && isOnFront(point(each), points);
            others.add(new TradeOff(each.setting(), each.lateFrames(), each.headline(), each.memory(), each.cpu(),
                    each.changesNothing(), onFront));
        }
        others.sort(BEST_FIRST);
        int seeds = inUse.runs().size();
        return new TradeOffs(scenario, device, seeds, inUse, isOnFront(new double[3], points), others,
                new Evidence(seeds, "", family(corrected, headline)));
    }

    private static List<Comparison> family(List<Comparison> all, String headline) {
        return all.stream().filter(each -> !each.metric().equals(headline) || headline.equals(PairedComparison.JANKY)).toList();
    }

    private static TradeOff tradeOff(KernelResult inUse, KernelResult other, String headline, List<Comparison> all) {
        return new TradeOff(
                other.name(),
                find(all, other, PairedComparison.JANKY),
                find(all, other, headline),
                find(all, other, Resource.RSS_MEAN),
                find(all, other, Resource.APP_CPU),
                other.digest() == inUse.digest(),
                false);
    }

    private static Comparison find(List<Comparison> all, KernelResult to, String metric) {
        return all.stream().filter(each -> each.to().equals(to.name()) && each.metric().equals(metric)).findFirst().orElseThrow();
    }

    private static double[] point(TradeOff each) {
        return new double[] {TradeOff.certain(each.lateFrames()), TradeOff.certain(each.memory()), TradeOff.certain(each.cpu())};
    }

    private static boolean isOnFront(double[] point, List<double[]> points) {
        return points.stream().noneMatch(other -> isBetter(other, point));
    }

    private static boolean isBetter(double[] one, double[] other) {
        boolean better = false;
        for (int i = 0; i < one.length; i++) {
            if (one[i] > other[i]) {
                return false;
            }
            better |= one[i] < other[i];
        }
        return better;
    }

    /// The settings on the front.
    public List<TradeOff> front() {
        return others.stream().filter(TradeOff::onFront).toList();
    }
}
