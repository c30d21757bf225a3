package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private static final int THREADS = 8;
    private static final int TURNS = 50_000;

    private final Turnstile turnstile = new Turnstile();
    private long inside;

    @Test
    void onlyOneThreadIsInside() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                work.add(this::takeTurns);
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(inside).isEqualTo((long) THREADS * TURNS);
    }

    private Void takeTurns() {
        for (int i = 0; i < TURNS; i++) {
            turnstile.enter();
            inside++;
            turnstile.leave();
        }
        return null;
    }
}
