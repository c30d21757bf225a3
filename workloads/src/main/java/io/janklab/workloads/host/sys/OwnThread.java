package io.janklab.workloads.host.sys;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Runs what pins its thread to a core on a thread of its own, so that the caller's stays free, and those it starts later.
public final class OwnThread {
    private OwnThread() {}

    /// What the work returns, or throws.
    public static <T> T run(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, task -> Thread.ofPlatform().daemon().start(task)).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known : failed;
        }
    }
}
