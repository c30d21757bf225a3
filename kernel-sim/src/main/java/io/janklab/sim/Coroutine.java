package io.janklab.sim;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/// Ordinary Java code that can be suspended in the middle and resumed there.
///
/// The only class that touches `jdk.internal.vm`.
///
/// **Caveats.** A body cannot suspend inside a static initialiser or a native frame, nor while the platform pins it for another reason:
/// [#suspend] then says which. `finally` blocks of an abandoned coroutine never run.
public final class Coroutine {
    private static final ContinuationScope SCOPE = new ContinuationScope("janklab");

    private final Continuation continuation;

    public Coroutine(Runnable body) {
        this.continuation = new Continuation(SCOPE, body) {
            @Override
            protected void onPinned(Pinned reason) {
                throw new IllegalStateException("a coroutine cannot be suspended here: " + switch (reason) {
                    case NATIVE -> "a native frame or a static initialiser is on its stack";
                    case MONITOR -> "a monitor is held (synchronized)";
                    default -> "the platform has pinned it (" + reason + ")";
                });
            }
        };
    }

    /// Runs the body until it suspends or ends. Rethrows what the body throws.
    public void resume() {
        continuation.run();
    }

    /// Suspends the coroutine that is running; [#resume] returns to its caller.
    ///
    /// @throws IllegalStateException if it is pinned, with the reason
    public static void suspend() {
        Continuation.yield(SCOPE);
    }

    /// The frames of a suspended coroutine, innermost first.
    public StackTraceElement[] stackTrace() {
        return continuation.getStackTrace();
    }
}
