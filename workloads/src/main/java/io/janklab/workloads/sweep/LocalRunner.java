package io.janklab.workloads.sweep;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Executes runs on this host, one per core at a time.
public final class LocalRunner implements Runner {
    private final OnEveryCore cores;
    /// Null for none.
    private final @Nullable Audience audience;

    public LocalRunner() {
        this(new OnEveryCore(), null);
    }

    public LocalRunner(int parallelism) {
        this(new OnEveryCore(parallelism), null);
    }

    /// @param audience observes every run
    public LocalRunner(@Nullable Audience audience) {
        this(new OnEveryCore(), audience);
    }

    private LocalRunner(OnEveryCore cores, @Nullable Audience audience) {
        this.cores = cores;
        this.audience = audience;
    }

    @Override
    public void execute(List<RunSpec> specs, Progress progress) {
        cores.map(specs, spec -> {
            execute(spec, progress);
            return null;
        });
    }

    private void execute(RunSpec spec, Progress progress) {
        RunResult result = new Run(spec).before(audience).execute();
        synchronized (progress) {
            progress.runEnded(result);
        }
    }
}
