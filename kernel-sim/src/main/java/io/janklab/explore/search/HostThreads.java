package io.janklab.explore.search;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Host threads that work in parallel.
public final class HostThreads implements AutoCloseable {
    private final ExecutorService threads;

    public HostThreads(int count) {
        threads = Executors.newFixedThreadPool(count);
    }

    /// Runs all of these jobs; the first ones begin first.
    public void run(List<? extends Runnable> works) {
        for (Future<?> future : works.stream().map(threads::submit).toList()) {
            await(future);
        }
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while schedules were being run", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
