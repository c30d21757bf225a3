package io.janklab.explore;

/// How schedules are chosen: `random`, `pct:d`, `dfs`, `auto` or `replay:SCHEDULE`.
public sealed interface Strategy {
    /// Each step is any actor's, with equal odds.
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

    /// Every schedule, except those equivalent to another.
    record DepthFirst() implements Strategy {
        @Override
        public String toString() {
            return "dfs";
        }
    }

    /// Depth-first for that many million steps of all schedules together; if it has not ended by then, `pct:3`.
    record Auto(int millions) implements Strategy {
        /// About a minute on one core.
        static final int USUAL = 60;

        public long steps() {
            return millions * 1_000_000L;
        }

        public Strategy otherwise() {
            return new Pct(3);
        }

        @Override
        public String toString() {
            return millions == USUAL ? "auto" : "auto:" + millions;
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
        if (text.equals("auto")) {
            return new Auto(Auto.USUAL);
        }
        if (text.matches("auto:[1-9][0-9]{0,5}")) {
            return new Auto(Integer.parseInt(text.substring(5)));
        }
        if (text.startsWith("replay:")) {
            return new Replay(Schedule.parse(text.substring(7)));
        }
        throw new IllegalArgumentException("a strategy is random, pct:N, dfs, auto, auto:N or replay:SCHEDULE, not '"
                + text + "'");
    }
}
