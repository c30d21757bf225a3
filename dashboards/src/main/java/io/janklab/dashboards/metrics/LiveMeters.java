package io.janklab.dashboards.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The meters of runs under way, readable by other threads: each is read at a moment when its run pauses, or after it has ended.
public final class LiveMeters {
    /// One run's meters. Its own thread holds the lock except in its pauses.
    public static final class Feed {
        /// What the meters show, the run's own until it has ended.
        private Supplier<MetricSnapshots> meters;
        /// Fair, so that a reader gets it before the run continues.
        private final ReentrantLock running = new ReentrantLock(true);

        private Feed(RunMetrics meters) {
            this.meters = meters::scrape;
        }

        /// Lets readers read until `moment` (`System.nanoTime`), at least those that wait now. To be called by the run's thread, and often.
        public void pauseUntil(long moment) {
            running.unlock();
            try {
                LockSupport.parkNanos(moment - System.nanoTime());
            } finally {
                running.lock();
            }
        }

        /// The run has ended, one way or the other: its meters stay as they are.
        public void end() {
            MetricSnapshots last = meters.get();
            meters = () -> last;
            running.unlock();
        }

        private MetricSnapshots read() {
            running.lock();
            try {
                return meters.get();
            } finally {
                running.unlock();
            }
        }
    }

    private final List<Feed> feeds = new ArrayList<>();

    /// A run begins, on this thread.
    public Feed begin(RunMetrics meters) {
        Feed feed = new Feed(meters);
        feed.running.lock();
        synchronized (feeds) {
            feeds.add(feed);
        }
        return feed;
    }

    /// The readings of the meters of every run.
    public List<MetricSnapshots> read() {
        List<Feed> all;
        synchronized (feeds) {
            all = List.copyOf(feeds);
        }
        return all.stream().map(Feed::read).toList();
    }
}
