package io.janklab.workloads.sweep;

import io.janklab.sim.RandomStream;
import io.janklab.sim.RandomStreams;
import io.janklab.workloads.input.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which combinations of factors a sweep runs.
public final class Design {
    /// All combinations.
    public static final String GRID = "grid";
    private static final String LATIN_HYPERCUBE = "lhs:";
    private static final long SEED = 1;
    private static final int LARGEST = 1_000_000;

    private Design() {}

    /// Each combination, key by key: all there are (`grid`), or a Latin hypercube of N (`lhs:N`), in which each factor takes a value from
    /// each N-th of its range once. Without factors there is one combination, of nothing.
    ///
    /// @throws BadInput if `design` is neither, or too large
    public static List<Map<String, String>> points(String design, List<Factor> factors) {
        if (design.equals(GRID)) {
            return grid(factors);
        }
        if (design.startsWith(LATIN_HYPERCUBE)) {
            return latinHypercube(size(design), factors);
        }
        throw new BadInput("--design is grid or lhs:N, not '" + design + "'.");
    }

    private static int size(String design) {
        try {
            int size = Integer.parseInt(design.substring(LATIN_HYPERCUBE.length()));
            if (size >= 1 && size <= LARGEST) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new BadInput("--design lhs:N takes a number from 1 to " + LARGEST + ", not '" + design + "'.");
    }

    private static List<Map<String, String>> grid(List<Factor> factors) {
        List<Map<String, String>> points = List.of(Map.of());
        for (Factor factor : factors) {
            List<Map<String, String>> more = new ArrayList<>();
            for (Map<String, String> point : points) {
                factor.gridValues().forEach(value -> more.add(with(point, factor.key(), value)));
            }
            points = more;
            if (points.size() > LARGEST) {
                throw new BadInput("the grid has more than " + LARGEST + " points; take --design lhs:N.");
            }
        }
        return points;
    }

    private static List<Map<String, String>> latinHypercube(int size, List<Factor> factors) {
        RandomStreams streams = new RandomStreams(SEED);
        List<Map<String, String>> points = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            points.add(Map.of());
        }
        for (Factor factor : factors) {
            RandomStream random = streams.stream("sweep/" + factor.key());
            int[] strata = permutation(size, random);
            for (int i = 0; i < size; i++) {
                points.set(i, with(points.get(i), factor.key(), factor.at((strata[i] + random.nextDouble()) / size)));
            }
        }
        return points;
    }

    /// Fisher and Yates's.
    private static int[] permutation(int size, RandomStream random) {
        int[] numbers = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            numbers[i] = numbers[j];
            numbers[j] = i;
        }
        return numbers;
    }

    private static Map<String, String> with(Map<String, String> point, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(point);
        more.put(key, value);
        return more;
    }
}
