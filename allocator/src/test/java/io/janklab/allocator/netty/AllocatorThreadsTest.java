package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One allocator under several real threads.
class AllocatorThreadsTest {
    private static final int THREADS = 4;

    private static SimulatedByteBufAllocator allocator(String conf) {
        return SimulatedByteBufAllocator.builder().heap(HeapConfig.of("jemalloc", conf)).build();
    }

    /// Runs `work`'s task for each thread's number, each on a thread of its own.
    private static void run(ExecutorService executor, int count, LongFunction<Callable<Void>> work) throws Exception {
        try (executor) {
            List<Callable<Void>> all = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                all.add(work.apply(i));
            }
            for (Future<Void> done : executor.invokeAll(all)) {
                done.get();
            }
        }
    }

    private static void checkNothingIsLeft(SimulatedByteBufAllocator allocator) {
        allocator.check();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void threadsShareTheHeapsAndNoBufferIsCorrupted() throws Exception {
        SimulatedByteBufAllocator allocator = allocator("narenas:2,dirty_decay_ms:0");
        run(Executors.newFixedThreadPool(THREADS), THREADS, seed -> () -> {
            Churn.run(allocator, seed, 3000);
            return null;
        });
        checkNothingIsLeft(allocator);
    }

    @Test
    void virtualThreadsMayUseItToo() throws Exception {
        SimulatedByteBufAllocator allocator = allocator("narenas:1");
        run(Executors.newVirtualThreadPerTaskExecutor(), 20, seed -> () -> {
            Churn.run(allocator, seed, 50);
            return null;
        });
        checkNothingIsLeft(allocator);
    }

    /// Each thread hands what it has allocated to the next one, which releases it; another thread reads the metrics meanwhile.
    @Test
    void oneThreadMayReleaseWhatAnotherAllocated() throws Exception {
        SimulatedByteBufAllocator allocator = allocator("narenas:2,dirty_decay_ms:0");
        List<BlockingQueue<ByteBuf>> ring = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            ring.add(new ArrayBlockingQueue<>(16));
        }
        run(Executors.newFixedThreadPool(THREADS), THREADS, seed -> () -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 1000; i++) {
                ring.get((int) (seed + 1) % THREADS).put(Churn.newBuffer(allocator, random));
                Churn.release(Objects.requireNonNull(ring.get((int) seed).poll(30, TimeUnit.SECONDS)), seed);
                if (i % 100 == 0) {
                    assertThat(allocator.metric().usedDirectMemory()).isNotNegative();
                }
            }
            return null;
        });
        checkNothingIsLeft(allocator);
    }

    /// On a machine of one core a thread that owes time would wait for ever behind the thread that called last.
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void threadThatPaysIsNotQueuedBehindTheOneThatCalledLast() throws Exception {
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder()
                .hardware(Hardware.symmetric(Architecture.ARM64, 1, 4L << 30))
                .heap(HeapConfig.of("jemalloc", "narenas:1"))
                .build();
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            // The second buffer comes from the thread's cache, and is paid for later.
            other.submit(() -> {
                allocator.directBuffer(100).release();
                allocator.directBuffer(100).release();
            }).get();
            allocator.directBuffer(1 << 20).release();
            assertThat(allocator.metric().usedDirectMemory()).isZero();
            other.submit(() -> allocator.directBuffer(100).release()).get();
        }
        allocator.directBuffer(1 << 20).release();
        checkNothingIsLeft(allocator);
    }

    @Test
    void threadThatHasEndedGivesItsCacheBack() throws Exception {
        for (ThreadFactory factory : List.of(Thread.ofPlatform().factory(), new DefaultThreadFactory("event-loop"))) {
            SimulatedByteBufAllocator allocator = allocator("narenas:1");
            CompletableFuture<Long> cached = new CompletableFuture<>();
            Thread thread = factory.newThread(() -> {
                allocator.directBuffer(100).release();
                cached.complete(cachedBytes(allocator));
            });
            thread.start();
            thread.join();
            assertThat(cached.get()).isPositive();
            assertThat(cachedBytes(allocator)).isZero();
            assertThat(allocator.metric().threads()).extracting(ThreadUsage::thread).doesNotContain(thread.getName());
        }
    }

    private static long cachedBytes(SimulatedByteBufAllocator allocator) {
        return allocator.metric().directHeap("stats.arenas.0.tcache_bytes");
    }

    /// A thread that used it holds no reference to it: its memory can be collected.
    @Test
    void allocatorThatNobodyHasIsGarbage() throws InterruptedException {
        WeakReference<SimulatedByteBufAllocator> used = new WeakReference<>(allocator(""));
        used.get().directBuffer(100).writeInt(1).release();
        for (int i = 0; i < 100 && used.get() != null; i++) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(used.get()).isNull();
    }
}
