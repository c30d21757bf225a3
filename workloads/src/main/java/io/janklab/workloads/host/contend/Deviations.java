package io.janklab.workloads.host.contend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// How one percentile of all workloads that were measured twice deviates from its prediction, and whether that is the host's noise or a
/// mechanism: a prediction that is no farther from the nearer measurement than the two measurements are from each other cannot be told from
/// noise; one that is farther lacks something, and the workloads where that happens most often have it in common.
final class Deviations {
    private static final int COMMONEST_MAX = 2;
    /// Below this many workloads beyond its share, a trait is no more frequent than by chance.
    private static final double LEAST_EXCESS = 2;

    private final double percent;
    private final List<Contention> workloads;
    private final List<Contention> noise = new ArrayList<>();
    private final List<Contention> mechanism = new ArrayList<>();
    private int tooLong;

    private Deviations(double percent, List<Contention> workloads) {
        this.percent = percent;
        this.workloads = workloads;
    }

    /// @param close how far apart two figures may be, in powers of two, to count as equal
    static Deviations of(double percent, double close, Map<Contention, OperationLatencies> measured,
            Map<Contention, OperationLatencies> repeated,
            Map<Contention, OperationLatencies> predicted) {
        Deviations deviations = new Deviations(percent, measured.keySet().stream().filter(repeated::containsKey).toList());
        for (Contention workload : deviations.workloads) {
            deviations.add(workload, close, Objects.requireNonNull(measured.get(workload)), Objects.requireNonNull(repeated.get(workload)),
                    Objects.requireNonNull(predicted.get(workload)));
        }
        return deviations;
    }

    private void add(Contention workload, double close, OperationLatencies first, OperationLatencies second, OperationLatencies predicted) {
        double toFirst = log2(predicted, first);
        double toSecond = log2(predicted, second);
        double nearer = Math.abs(toFirst) < Math.abs(toSecond) ? toFirst : toSecond;
        if (Math.abs(nearer) <= close) {
            return;
        }
        if (Math.abs(nearer) <= Math.abs(log2(first, second))) {
            noise.add(workload);
        } else {
            mechanism.add(workload);
            tooLong += nearer > 0 ? 1 : 0;
        }
    }

    private double log2(OperationLatencies one, OperationLatencies other) {
        return Validation.log2(Validation.ratio(one, other, percent));
    }

    boolean areKnown() {
        return !workloads.isEmpty();
    }

    /// `P99: of 216 workloads 150 as predicted, 40 off by no more than two measurements differ (noise), 26 by more (a mechanism: 9
    /// predicted too long, 17 too short; most often mprotect, 14 of 54)`
    String sentence() {
        String beyond = mechanism.isEmpty() ? "" : String.format(Locale.ROOT, ": %d predicted too long, %d too short%s", tooLong,
                mechanism.size() - tooLong, commonest());
        int predicted = workloads.size() - noise.size() - mechanism.size();
        return String.format(Locale.ROOT,
                "%s: of %d workloads %d as predicted, %d off by no more than two measurements differ (noise), %d by more (a mechanism%s)",
                Validation.label(percent), workloads.size(), predicted, noise.size(), mechanism.size(), beyond);
    }

    private String commonest() {
        String named = workloads.stream().flatMap(workload -> workload.traits().stream()).distinct()
                .filter(trait -> excess(trait) >= LEAST_EXCESS)
                .sorted(Comparator.comparingDouble(trait -> -excess(trait)))
                .limit(COMMONEST_MAX)
                .map(trait -> trait + ", " + count(mechanism, trait) + " of " + count(workloads, trait))
                .collect(Collectors.joining("; "));
        return named.isEmpty() ? "" : "; most often " + named;
    }

    private double excess(String trait) {
        return count(mechanism, trait) - (double) mechanism.size() * count(workloads, trait) / workloads.size();
    }

    private static long count(List<Contention> of, String trait) {
        return of.stream().filter(workload -> workload.traits().contains(trait)).count();
    }

    /// For JSON: names of the workloads.
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("percentile", Validation.label(percent));
        facts.put("noise", noise.stream().map(Contention::name).toList());
        facts.put("mechanism", mechanism.stream().map(Contention::name).toList());
        return facts;
    }
}
