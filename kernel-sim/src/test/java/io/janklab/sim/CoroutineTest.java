package io.janklab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CoroutineTest {
    @Test
    void resumesWhereItStopped() {
        List<String> seen = new ArrayList<>();
        Coroutine coroutine = new Coroutine(() -> {
            seen.add("first");
            Coroutine.suspend();
            seen.add("second");
        });

        coroutine.resume();
        seen.add("between");
        coroutine.resume();

        assertThat(seen).containsExactly("first", "between", "second");
    }

    @Test
    void whatTheBodyThrowsReachesWhoResumed() {
        Coroutine coroutine = new Coroutine(() -> {
            Coroutine.suspend();
            throw new IllegalStateException("inside");
        });
        coroutine.resume();

        assertThatThrownBy(coroutine::resume).isInstanceOf(IllegalStateException.class).hasMessage("inside");
    }

    @Test
    void stackOfASuspendedCoroutineCanBeRead() {
        Coroutine coroutine = new Coroutine(CoroutineTest::suspendHere);
        coroutine.resume();

        assertThat(coroutine.stackTrace()).anyMatch(frame -> frame.getMethodName().equals("suspendHere"));
    }

    /// Suspends in its initialiser, which the platform calls through a native frame.
    private static final class Initialised {
        static {
            Coroutine.suspend();
        }

        private Initialised() {}

        static void touch() {
            // Initialises the class.
        }
    }

    @Test
    void suspendingWhereItCannotBeSaysWhy() {
        Coroutine coroutine = new Coroutine(Initialised::touch);

        assertThatThrownBy(coroutine::resume).isInstanceOf(ExceptionInInitializerError.class).cause()
                .hasMessage("a coroutine cannot be suspended here: a native frame or a static initialiser is on its stack");
    }

    @Test
    void callerMayHoldMonitors() {
        Object outer = new Object();
        Object inner = new Object();
        AtomicBoolean done = new AtomicBoolean();
        Coroutine coroutine = new Coroutine(() -> {
            Coroutine.suspend();
            done.set(true);
        });
        synchronized (outer) {
            synchronized (inner) {
                coroutine.resume();
                coroutine.resume();
            }
        }

        assertThat(done).isTrue();
    }

    private static void suspendHere() {
        Coroutine.suspend();
    }
}
