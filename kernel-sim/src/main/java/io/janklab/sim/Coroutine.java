package io.janklab.sim;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/// Ordinary Java code that can be suspended in the middle and resumed there.
///
/// The only class that touches `jdk.internal.vm`.
///
/// **Caveats.** A body must not yield inside `synchronized`, a static initialiser or a native frame (the platform refuses), and
/// `finally` blocks of an abandoned coroutine never run.
public final class Coroutine {
    private static final ContinuationScope SCOPE = new ContinuationScope("janklab");

    private final Continuation continuation;

    public Coroutine(Runnable body) {
        this.continuation = new Continuation(SCOPE, body);
    }

    /// Runs the body until it suspends or ends. Rethrows what the body throws.
    public void resume() {
        continuation.run();
    }

    /// Suspends the coroutine that is running; [#resume] returns to its caller.
    public static void suspend() {
        Continuation.yield(SCOPE);
    }

    public boolean isDone() {
        return continuation.isDone();
    }

    /// The frames of a suspended coroutine, innermost first.
    public StackTraceElement[] stackTrace() {
        return continuation.getStackTrace();
    }
}
