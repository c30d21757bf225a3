package io.janklab.workloads.replay;

import io.janklab.allocator.BareMachine;
import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.Heap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A process of its own that replays a trace on the host's jemalloc, whose `MALLOC_CONF` is its environment's: `LIBRARY TRACE EVERY`.
/// Prints the samples as rows, then the counters, then `stats.metadata`.
final class HostJemallocReplay {
    /// The exit code where the library cannot be loaded.
    static final int NO_LIBRARY = 3;

    private HostJemallocReplay() {}

    public static void main(String[] arguments) {
        HostJemalloc heap;
        try {
            heap = new HostJemalloc(arguments[0]);
        } catch (IllegalArgumentException e) {
            System.exit(NO_LIBRARY);
            return;
        }
        AllocationTrace trace = TraceReader.read(Path.of(arguments[1]), Map.of());
        rows(trace, heap, Integer.parseInt(arguments[2])).forEach(System.out::println);
    }

    /// The result of a replay on that heap.
    static List<String> rows(AllocationTrace trace, Heap heap, int every) {
        List<String> rows = new ArrayList<>();
        replay(trace, heap, every).forEach(sample -> rows.add(row(sample)));
        JemallocCounters.names().forEach(name -> rows.add(JemallocCounters.row(name, heap.stats())));
        rows.add(JemallocCounters.row("stats.metadata", heap.stats()));
        return rows;
    }

    private static String row(HeapReplay.Sample sample) {
        return sample.operation() + "," + sample.allocated() + "," + sample.active();
    }

    /// The samples of a replay by one thread, on any heap; before the first record the thread has its cache.
    private static List<HeapReplay.Sample> replay(AllocationTrace trace, Heap heap, int every) {
        BareMachine machine = new BareMachine(1, 1);
        HeapReplay replay = new HeapReplay(trace, heap, new BareSyscalls().memory(), every);
        machine.spawn("replay", task -> {
            heap.free(task, heap.malloc(task, 1));
            replay.run(task);
            machine.simulation().stop();
        });
        machine.simulation().run(Long.MAX_VALUE - 1);
        return replay.samples();
    }
}
