package io.janklab.workloads.host.sys;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Runs work that pins its thread to a core on a thread of its own, so that the caller's thread, and those it starts later, stay unpinned.
public final class OwnThread {
    private OwnThread() {}

    /// The result of the work, or what it throws.
    public static <T> T run(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, task -> Thread.ofPlatform().daemon().start(task)).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known : failed;
        }
    }
}
