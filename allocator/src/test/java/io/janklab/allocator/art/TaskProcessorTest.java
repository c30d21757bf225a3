package io.janklab.allocator.art;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Machine;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.allocator.arena.HeapValidator;
import io.janklab.kernel.cpu.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskProcessorTest {
    private static final long MS = 1_000_000;

    private final Machine machine = new Machine(1, 1);
    private final TaskProcessor processor = new TaskProcessor(machine.syscalls());
    private final List<String> ran = new ArrayList<>();

    private HeapTask named(String name, long time) {
        return new HeapTask(time) {
            @Override
            protected void run(Task self) {
                ran.add(name + " at " + self.now() / MS);
            }
        };
    }

    @Test
    void tasksRunInOrderOfTimeThenOfArrivalAndNeverEarly() {
        machine.spawn("HeapTaskDaemon", processor::runAllTasks);
        machine.spawn("app", task -> {
            processor.addTask(task, named("late", 50 * MS));
            processor.addTask(task, named("early", 10 * MS));
            processor.addTask(task, named("also early", 10 * MS));
            task.sleepUntil(20 * MS);
            processor.addTask(task, named("overdue", 5 * MS));
            processor.addTask(task, named("between", 30 * MS));
        });
        machine.run(1000 * MS);
        assertThat(ran).containsExactly("early at 10", "also early at 10", "overdue at 20", "between at 30", "late at 50");
    }

    private ArenaHeap newHeap(String options) {
        HeapOptions parsed = HeapOptions.parse("narenas:1,purger:heap-task-daemon").with(options);
        return new ArenaHeap(machine.syscalls(), 1, parsed, HeapCosts.defaults(), 1);
    }

    @Test
    void daemonPurgesTheNativeHeapAndAppThreadsDoNot() {
        ArenaHeap heap = newHeap("dirty_decay_ms:0");
        new NativePurge(processor, heap);
        long[] duringApp = new long[1];
        machine.spawn("app", task -> {
            for (int i = 0; i < 5000; i++) {
                heap.free(task, heap.malloc(task, 100_000));
            }
            duringApp[0] = machine.syscalls().advices().size();
        });
        machine.run(MS);
        assertThat(duringApp[0]).as("before the daemon starts").isZero();
        machine.spawn("HeapTaskDaemon", processor::runAllTasks);
        machine.run(1000 * MS);
        assertThat(machine.syscalls().advices()).hasSize(1);
        assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
        HeapValidator.check(heap);
    }

    @Test
    void daemonComesBackWhileDecayGoesOn() {
        ArenaHeap heap = newHeap("dirty_decay_ms:1000,muzzy_decay_ms:1000");
        new NativePurge(processor, heap);
        machine.spawn("HeapTaskDaemon", processor::runAllTasks);
        machine.spawn("app", task -> heap.free(task, heap.malloc(task, 7 << 20)));
        machine.run(20_000 * MS);
        assertThat(heap.stats().get("stats.arenas.0.pdirty")).isZero();
        assertThat(heap.stats().get("stats.arenas.0.pmuzzy")).isZero();
        int advices = machine.syscalls().advices().size();
        machine.run(60_000 * MS);
        assertThat(machine.syscalls().advices()).as("nothing left to do").hasSize(advices);
    }
}
