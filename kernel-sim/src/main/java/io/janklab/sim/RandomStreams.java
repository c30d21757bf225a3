package io.janklab.sim;

import java.util.HashMap;
import java.util.Map;

/// Named random streams under one seed. A stream's numbers depend on the seed and its name only, so adding a consumer never changes what
/// another one draws (common random numbers).
public final class RandomStreams {
    private final long seed;
    private final Map<String, RandomStream> streams = new HashMap<>();

    public RandomStreams(long seed) {
        this.seed = seed;
    }

    public long seed() {
        return seed;
    }

    public RandomStream stream(String name) {
        return streams.computeIfAbsent(name, key -> new RandomStream(seedOf(key)));
    }

    private long seedOf(String name) {
        Digest digest = new Digest();
        digest.mix(seed);
        for (int i = 0; i < name.length(); i++) {
            digest.mix(name.charAt(i));
        }
        return digest.value();
    }
}
