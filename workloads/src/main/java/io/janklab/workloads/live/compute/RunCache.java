package io.janklab.workloads.live.compute;

import io.janklab.workloads.cache.LastUsed;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The results of earlier runs, most recently used; each under the inputs of its digest.
public final class RunCache {
    private final LastUsed<RunInputs, RunResult> results;
    private final AtomicLong hits = new AtomicLong();

    /// @param most how many are kept
    public RunCache(int most) {
        results = new LastUsed<>(most);
    }

    /// The result under the names of `spec`; null if it has not been made, or is no longer kept.
    @Nullable RunResult get(RunSpec spec) {
        RunResult result = results.get(RunInputs.of(spec));
        if (result == null) {
            return null;
        }
        hits.incrementAndGet();
        return new RunResult(spec, result.run(), result.meters(), result.gfxInfo());
    }

    void put(RunResult result) {
        results.put(RunInputs.of(result.spec()), result);
    }

    public int size() {
        return results.size();
    }

    /// How many runs did not have to be made.
    public long hits() {
        return hits.get();
    }
}
