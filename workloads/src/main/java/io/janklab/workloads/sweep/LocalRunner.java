package io.janklab.workloads.sweep;

import java.util.List;

/// Executes runs on this host, one per core at a time.
public final class LocalRunner implements Runner {
    private final OnEveryCore cores;

    public LocalRunner() {
        this(new OnEveryCore());
    }

    public LocalRunner(int parallelism) {
        this(new OnEveryCore(parallelism));
    }

    private LocalRunner(OnEveryCore cores) {
        this.cores = cores;
    }

    @Override
    public void execute(List<RunSpec> specs, Progress progress) {
        cores.map(specs, spec -> {
            execute(spec, progress);
            return null;
        });
    }

    private static void execute(RunSpec spec, Progress progress) {
        RunResult result = new Run(spec).execute();
        synchronized (progress) {
            progress.runEnded(result);
        }
    }
}
