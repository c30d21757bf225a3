package io.janklab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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
        assertThat(coroutine.isDone()).isTrue();
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

    private static void suspendHere() {
        Coroutine.suspend();
    }
}
