package io.janklab.workloads.replay;

import io.janklab.sim.RandomStream;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.input.Settings;
import java.util.List;
import java.util.stream.Stream;

/// How a recorded trace allocates: its sizes, lifetimes, shares of operations and of threads, as tables of quantiles.
///
/// The files are made from the AOSP traces by `TraceFigures` (in this module's tests) and explain each key.
public final class Mix {
    /// The recorded traces whose mix is known.
    public static final List<String> NAMES = List.of("systemui", "surfaceflinger");

    /// Upper bounds (bytes, inclusive) of the size ranges that have lifetimes and growth of their own; the last range has none.
    static final long[] RANGES = {64, 256, 1024, 4096, 16384, Long.MAX_VALUE};

    /// Below this quantile sizes come from the coarse table, above from the fine one.
    static final double TAIL = 0.99;

    private static final Catalogue CATALOGUE = new Catalogue("mix", "/io/janklab/workloads/replay", NAMES);

    /// How many the recording has.
    final long records;
    final double callocShare;
    final double memalignShare;
    final double reallocOfNullShare;
    final double reallocShare;
    final double freeOfNullShare;
    final long[] sizes;
    final long[] largestSizes;
    final double[] neverFreed;
    final double[] freedElsewhere;
    final Quantiles[] reallocPercent;
    final Quantiles[] ownLifetimes;
    final Quantiles[] otherLifetimes;
    final Quantiles runs;
    final long[] threadRecords;

    private Mix(Settings settings) {
        records = settings.integer("records", 1, Integer.MAX_VALUE);
        callocShare = share(settings, "calloc");
        memalignShare = share(settings, "memalign");
        reallocOfNullShare = share(settings, "reallocOfNull");
        reallocShare = share(settings, "realloc");
        freeOfNullShare = share(settings, "freeOfNull");
        sizes = table(settings, "sizes");
        largestSizes = table(settings, "largestSizes");
        runs = new Quantiles(table(settings, "runs"));
        threadRecords = table(settings, "threadRecords");
        int n = RANGES.length;
        neverFreed = new double[n];
        freedElsewhere = new double[n];
        reallocPercent = new Quantiles[n];
        ownLifetimes = new Quantiles[n];
        otherLifetimes = new Quantiles[n];
        for (int range = 0; range < n; range++) {
            String key = "range" + range + ".";
            neverFreed[range] = share(settings, key + "neverFreed");
            freedElsewhere[range] = share(settings, key + "freedElsewhere");
            reallocPercent[range] = new Quantiles(table(settings, key + "reallocPercent"));
            ownLifetimes[range] = new Quantiles(table(settings, key + "ownLifetimes"));
            otherLifetimes[range] = new Quantiles(table(settings, key + "otherLifetimes"));
        }
    }

    static Mix named(String name) {
        return new Mix(CATALOGUE.bundled(name));
    }

    private static double share(Settings settings, String key) {
        return settings.number(key, 0, 1);
    }

    private static long[] table(Settings settings, String key) {
        return Stream.of(settings.text(key).strip().split("\\s+")).mapToLong(Long::parseLong).toArray();
    }

    /// Which of [#RANGES] a size falls into.
    static int range(long size) {
        int range = 0;
        while (size > RANGES[range]) {
            range++;
        }
        return range;
    }

    /// A size in bytes. Sizes cluster on the few that a program's types have, so these tables are not interpolated.
    long size(RandomStream random) {
        double u = random.nextDouble();
        long[] table = u < TAIL ? sizes : largestSizes;
        double within = u < TAIL ? u / TAIL : (u - TAIL) / (1 - TAIL);
        return table[(int) (within * table.length)];
    }
}
