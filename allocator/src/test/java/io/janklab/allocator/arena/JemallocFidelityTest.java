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
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// Real jemalloc 5.3.0's figures on the SystemUI trace, sample by sample.
class JemallocFidelityTest {
    private static final Path SHARED = Path.of("").toAbsolutePath().getParent().resolveSibling("shared");
    private static final Path TRACE = SHARED.resolve("traces/systemui.zip");
    private static final Path REFERENCE = SHARED.resolve("reference/jemalloc-5.3");
    private static final int SAMPLE_EVERY = 10_000;

    private record Sample(long operation, long allocated, long active) {}

    @Test
    void withoutThreadCachesAllocatedAndActiveAreEqual() throws IOException {
        List<Sample> real = reference("systemui-tcache-false.csv");
        List<Sample> ours = replay("narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0");
        assertThat(ours).hasSameSizeAs(real);
        for (int i = 0; i < real.size(); i++) {
            assertThat(ours.get(i).allocated()).as("allocated after %d", real.get(i).operation()).isEqualTo(real.get(i).allocated());
            assertThat(ours.get(i).active()).as("active after %d", real.get(i).operation()).isEqualTo(real.get(i).active());
        }
    }

    @Test
    void withThreadCachesAllocatedAndActiveAreWithinTwoPercent() throws IOException {
        List<Sample> real = reference("systemui-tcache-true.csv");
        List<Sample> ours = replay("narenas:1,tcache:true,dirty_decay_ms:0,muzzy_decay_ms:0");
        assertThat(ours).hasSameSizeAs(real);
        for (int i = 0; i < real.size(); i++) {
            assertThat(ours.get(i).allocated()).as("allocated after %d", real.get(i).operation()).isCloseTo(real.get(i).allocated(), Percentage.withPercentage(2));
            assertThat(ours.get(i).active()).as("active after %d", real.get(i).operation()).isCloseTo(real.get(i).active(), Percentage.withPercentage(2));
        }
    }

    private static List<Sample> reference(String name) throws IOException {
        assumeTrue(Files.isReadable(REFERENCE.resolve(name)), "the jemalloc reference figures are not beside the checkout");
        return Files.readAllLines(REFERENCE.resolve(name)).stream().skip(1).map(line -> line.split(",")).map(JemallocFidelityTest::sample).toList();
    }

    private static Sample sample(String[] columns) {
        return new Sample(Long.parseLong(columns[0]), Long.parseLong(columns[1]), Long.parseLong(columns[2]));
    }

    private static List<Sample> replay(String options) {
        assumeTrue(Files.isReadable(TRACE), "the SystemUI trace is not beside the checkout");
        List<Sample> samples = new ArrayList<>();
        Machine machine = new Machine(1, 1);
        machine.syscalls().forgetAdvices();
        machine.spawn("replay", task -> {
            ArenaHeap heap = new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse(options), HeapCosts.free(), 1);
            TraceReplay trace = TraceReplay.load(TRACE);
            trace.prelude(heap, task);
            HeapStats stats = heap.stats();
            long allocated = stats.allocated();
            long active = stats.active();
            trace.run(heap, task, operations -> {
                if (operations % SAMPLE_EVERY == 0) {
                    samples.add(new Sample(operations, stats.allocated() - allocated, stats.active() - active));
                }
            });
            HeapValidator.check(heap);
        });
        machine.run(Long.MAX_VALUE - 1);
        return samples;
    }
}
