package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.allocator.BareMachine;
import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.allocator.arena.HeapValidator;
import io.janklab.allocator.preset.HeapConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real jemalloc 5.3.0's figures on the SystemUI trace, sample by sample.
class JemallocFidelityTest {
    private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);
    private static final int SAMPLE_EVERY = 10_000;

    private record Figures(long operation, long allocated, long active) {}

    @Test
    void withoutThreadCachesAllocatedAndActiveAreEqual() throws IOException {
        assertThat(replay("narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0")).isEqualTo(reference("systemui-tcache-false.csv"));
    }

    @Test
    void withThreadCachesAllocatedAndActiveAreWithinTwoPercent() throws IOException {
        List<Figures> real = reference("systemui-tcache-true.csv");
        List<Figures> ours = replay("narenas:1,tcache:true,dirty_decay_ms:0,muzzy_decay_ms:0");
        assertThat(ours).hasSameSizeAs(real);
        for (int i = 0; i < real.size(); i++) {
            Figures their = real.get(i);
            assertThat(ours.get(i).allocated()).as("allocated after %d", their.operation()).isCloseTo(their.allocated(), TWO_PERCENT);
            assertThat(ours.get(i).active()).as("active after %d", their.operation()).isCloseTo(their.active(), TWO_PERCENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void withAThreadPerTracedThreadAllocatedAndActiveAreEqual(int arenas) throws IOException {
        // Made by src/test/c/replay_by_thread.c.
        Path figures = Path.of("src/test/resources/jemalloc-5.3.0/systemui-by-thread-narenas-" + arenas + ".csv");
        assertThat(replayByThread("narenas:" + arenas + ",dirty_decay_ms:0,muzzy_decay_ms:0")).isEqualTo(figures(figures));
    }

    private static List<Figures> reference(String name) throws IOException {
        Path csv = SharedTraces.find("systemui").getParent().resolveSibling("reference/jemalloc-5.3").resolve(name);
        assumeTrue(Files.isReadable(csv), "the jemalloc reference figures are not beside the checkout");
        return figures(csv);
    }

    private static List<Figures> figures(Path csv) throws IOException {
        return Files.readAllLines(csv).stream().skip(1).map(line -> line.split(",")).map(JemallocFidelityTest::row).toList();
    }

    private static Figures row(String[] columns) {
        return new Figures(Long.parseLong(columns[0]), Long.parseLong(columns[1]), Long.parseLong(columns[2]));
    }

    private static List<Figures> figures(List<HeapReplay.Sample> samples) {
        return samples.stream().map(sample -> new Figures(sample.operation(), sample.allocated(), sample.active())).toList();
    }

    private static AllocationTrace trace() {
        return TraceReader.read(SharedTraces.find("systemui"), Map.of());
    }

    private static List<Figures> replay(String options) {
        HeapConfig heap = HeapConfig.of("jemalloc", options);
        return figures(new HeapOnlyReplay(trace(), heap, false, true, SAMPLE_EVERY, 1).execute().samples());
    }

    private static List<Figures> replayByThread(String options) {
        AllocationTrace trace = trace();
        BareMachine machine = new BareMachine(1, 1);
        BareSyscalls syscalls = new BareSyscalls();
        ArenaHeap heap = new ArenaHeap(syscalls, 1, HeapOptions.parse(options), HeapCosts.free(), 1);
        HeapReplay replay = new HeapReplay(trace, heap, syscalls.memory(), SAMPLE_EVERY);
        machine.spawn("main", task -> {
            // What was on the reference's heap: libstdc++'s exception pool, and what pthread_create allocates.
            heap.malloc(task, 72_704);
            for (int i = 0; i < trace.threadCount(); i++) {
                heap.calloc(task, 1, 320);
            }
            replay.runByThread(task, machine::spawn, machine.simulation()::stop);
        });
        machine.simulation().run(Long.MAX_VALUE - 1);
        HeapValidator.check(heap);
        return figures(replay.samples());
    }
}
