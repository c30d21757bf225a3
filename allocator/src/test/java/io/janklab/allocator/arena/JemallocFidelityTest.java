package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real jemalloc 5.3.0's figures on the SystemUI trace, sample by sample.
class JemallocFidelityTest {
    private static final Path SHARED = Path.of("").toAbsolutePath().getParent().resolveSibling("shared");
    private static final Path TRACE = SHARED.resolve("traces/systemui.zip");
    private static final Path REFERENCE = SHARED.resolve("reference/jemalloc-5.3");
    private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);
    private static final int SAMPLE_EVERY = 10_000;

    private record Sample(long operation, long allocated, long active) {}

    @Test
    void withoutThreadCachesAllocatedAndActiveAreEqual() throws IOException {
        List<Sample> ours = replay("narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0");
        assertThat(ours).isEqualTo(reference("systemui-tcache-false.csv"));
    }

    @Test
    void withThreadCachesAllocatedAndActiveAreWithinTwoPercent() throws IOException {
        List<Sample> real = reference("systemui-tcache-true.csv");
        List<Sample> ours = replay("narenas:1,tcache:true,dirty_decay_ms:0,muzzy_decay_ms:0");
        assertThat(ours).hasSameSizeAs(real);
        for (int i = 0; i < real.size(); i++) {
            Sample their = real.get(i);
            assertThat(ours.get(i).allocated()).as("allocated after %d", their.operation()).isCloseTo(their.allocated(), TWO_PERCENT);
            assertThat(ours.get(i).active()).as("active after %d", their.operation()).isCloseTo(their.active(), TWO_PERCENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void withAThreadPerTracedThreadAllocatedAndActiveAreEqual(int arenas) throws IOException {
        // Made by src/test/c/replay_by_thread.c.
        Path figures = Path.of("src/test/resources/jemalloc-5.3.0/systemui-by-thread-narenas-" + arenas + ".csv");
        assertThat(replayByThread("narenas:" + arenas + ",dirty_decay_ms:0,muzzy_decay_ms:0")).isEqualTo(samples(figures));
    }

    private static List<Sample> reference(String name) throws IOException {
        assumeTrue(Files.isReadable(REFERENCE.resolve(name)), "the jemalloc reference figures are not beside the checkout");
        return samples(REFERENCE.resolve(name));
    }

    private static List<Sample> samples(Path csv) throws IOException {
        return Files.readAllLines(csv).stream().skip(1).map(line -> line.split(",")).map(JemallocFidelityTest::sample).toList();
    }

    private static Sample sample(String[] columns) {
        return new Sample(Long.parseLong(columns[0]), Long.parseLong(columns[1]), Long.parseLong(columns[2]));
    }

    private static TraceReplay trace() {
        assumeTrue(Files.isReadable(TRACE), "the SystemUI trace is not beside the checkout");
        return TraceReplay.load(TRACE);
    }

    private static List<Sample> replay(String options) {
        TraceReplay trace = trace();
        List<Sample> samples = new ArrayList<>();
        Machine machine = newMachine();
        ArenaHeap heap = newHeap(machine, options);
        machine.spawn("replay", task -> {
            trace.prelude(heap, task);
            trace.run(heap, task, sampler(heap.stats(), samples));
        });
        machine.run(Long.MAX_VALUE - 1);
        HeapValidator.check(heap);
        return samples;
    }

    private static List<Sample> replayByThread(String options) {
        TraceReplay trace = trace();
        List<Sample> samples = new ArrayList<>();
        Machine machine = newMachine();
        ArenaHeap heap = newHeap(machine, options);
        machine.spawn("main", task -> {
            // What was on the reference's heap: libstdc++'s exception pool, and what pthread_create allocates.
            heap.malloc(task, 72_704);
            for (int i = 0; i < trace.threads(); i++) {
                heap.calloc(task, 1, 320);
            }
            trace.runByThread(machine, heap, sampler(heap.stats(), samples));
        });
        machine.run(Long.MAX_VALUE - 1);
        HeapValidator.check(heap);
        return samples;
    }

    private static Machine newMachine() {
        Machine machine = new Machine(1, 1);
        machine.syscalls().forgetAdvices();
        return machine;
    }

    private static ArenaHeap newHeap(Machine machine, String options) {
        return new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse(options), HeapCosts.free(), 1);
    }

    /// Samples what has come on top of what is there now.
    private static IntConsumer sampler(HeapStats stats, List<Sample> samples) {
        long allocated = stats.allocated();
        long active = stats.active();
        return operations -> {
            if (operations % SAMPLE_EVERY == 0) {
                samples.add(new Sample(operations, stats.allocated() - allocated, stats.active() - active));
            }
        };
    }
}
