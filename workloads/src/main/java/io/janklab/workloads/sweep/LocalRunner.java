package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Executes runs on this host, one per core at a time.
public final class LocalRunner implements Runner {
    private final int parallelism;

    public LocalRunner() {
        this(Runtime.getRuntime().availableProcessors());
    }

    public LocalRunner(int parallelism) {
        this.parallelism = parallelism;
    }

    @Override
    public List<RunResult> run(List<RunSpec> specs, Progress progress) {
        ExecutorService cores = Executors.newFixedThreadPool(parallelism);
        try {
            List<Future<RunResult>> futures = new ArrayList<>();
            for (RunSpec spec : specs) {
                futures.add(cores.submit(() -> execute(spec, progress)));
            }
            return results(futures);
        } finally {
            cores.shutdownNow();
        }
    }

    private static RunResult execute(RunSpec spec, Progress progress) {
        RunResult result = new Run(spec).execute();
        synchronized (progress) {
            progress.runEnded(result);
        }
        return result;
    }

    private static List<RunResult> results(List<Future<RunResult>> futures) {
        List<RunResult> results = new ArrayList<>();
        for (Future<RunResult> future : futures) {
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
