package io.janklab.explore;

/// How schedules are chosen: `random`, `pct:d`, `dfs` or `replay:SCHEDULE`.
public sealed interface Strategy {
    /// Each step is anybody's, with equal odds.
    record Random() implements Strategy {
        @Override
        public String toString() {
            return "random";
        }
    }

    /// Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): random priorities, and `depth` − 1 places at random where the
    /// running task falls behind all others. Finds any bug of that depth with a probability that can be stated.
    record Pct(int depth) implements Strategy {
        @Override
        public String toString() {
            return "pct:" + depth;
        }
    }

    /// Every schedule there is, but for those equal to another one.
    record DepthFirst() implements Strategy {
        @Override
        public String toString() {
            return "dfs";
        }
    }

    /// One schedule and no other.
    record Replay(Schedule schedule) implements Strategy {
        @Override
        public String toString() {
            return "replay:" + schedule;
        }
    }

    /// @throws IllegalArgumentException if there is no such strategy, in a sentence
    static Strategy parse(String text) {
        if (text.equals("random")) {
            return new Random();
        }
        if (text.equals("dfs")) {
            return new DepthFirst();
        }
        if (text.matches("pct:[1-9][0-9]?")) {
            return new Pct(Integer.parseInt(text.substring(4)));
        }
        if (text.startsWith("replay:")) {
            return new Replay(Schedule.parse(text.substring(7)));
        }
        throw new IllegalArgumentException("a strategy is random, pct:DEPTH, dfs or replay:SCHEDULE, not '" + text + "'");
    }
}
