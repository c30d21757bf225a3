package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Does independent pieces of work on this host, one per core at a time.
public final class OnEveryCore {
    private final int parallelism;

    public OnEveryCore() {
        this(Runtime.getRuntime().availableProcessors());
    }

    OnEveryCore(int parallelism) {
        this.parallelism = parallelism;
    }

    /// The results in the order of `items`; an exception of one is rethrown here, and the others are abandoned.
    public <I, R> List<R> map(List<I> items, Function<I, R> work) {
        ExecutorService cores = Executors.newFixedThreadPool(parallelism);
        try {
            List<Future<R>> futures = new ArrayList<>();
            items.forEach(item -> futures.add(cores.submit(() -> work.apply(item))));
            return results(futures);
        } finally {
            cores.shutdownNow();
        }
    }

    /// The same, but an exception of one is rethrown only when all have ended: for work that leaves something behind.
    public <I, R> List<R> mapAll(List<I> items, Function<I, R> work) {
        List<Future<R>> futures = new ArrayList<>();
        try (ExecutorService cores = Executors.newFixedThreadPool(parallelism)) {
            items.forEach(item -> futures.add(cores.submit(() -> work.apply(item))));
        }
        return results(futures);
    }

    private static <R> List<R> results(List<Future<R>> futures) {
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while runs were under way", e);
            }
        }
        return results;
    }
}
