package io.janklab.allocator.art;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `runtime/thread_list.cc`: how threads are stopped.
final class MutatorsTest {
    private static final long MS = 1_000_000;

    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    private final List<String> story = new ArrayList<>();
    private Machine machine;
    private Mutators mutators;

    private void boot() {
        machine = kernels.boot(KernelVersion.V6_12);
        mutators = new Mutators(machine.kernel.tracepoints(), JavaHeapRig.costs());
    }

    private void note(String what) {
        story.add(what + " at " + machine.kernel.simulation().now() / MS);
    }

    @Test
    void collectorWaitsForAThreadInManagedCodeUntilItsSafepoint() {
        boot();
        machine.spawnOn(0, "mutator", 0, task -> {
            Mutator mutator = mutators.attach(task);
            mutators.enter(mutator);
            task.compute(10 * MS);
            mutators.safepoint(mutator);
            note("resumed");
            mutators.leave(mutator);
        });
        machine.spawnOn(1, "collector", 0, task -> {
            task.sleepUntil(2 * MS);
            mutators.suspendAll(task);
            note("all suspended");
            task.compute(5 * MS);
            mutators.resumeAll(task);
        });
        machine.run();
        assertThat(story).containsExactly("all suspended at 10", "resumed at 15");
    }

    @Test
    void threadInNativeCodeIsNotWaitedForButMustWaitToComeBack() {
        boot();
        machine.spawnOn(0, "mutator", 0, task -> {
            Mutator mutator = mutators.attach(task);
            task.compute(5 * MS);
            note("native code done");
            mutators.enter(mutator);
            note("in managed code");
            mutators.leave(mutator);
        });
        machine.spawnOn(1, "collector", 0, task -> {
            task.sleepUntil(2 * MS);
            mutators.suspendAll(task);
            note("all suspended");
            task.compute(10 * MS);
            mutators.resumeAll(task);
        });
        machine.run();
        assertThat(story).containsExactly("all suspended at 2", "native code done at 5", "in managed code at 12");
    }

    @Test
    void preemptedThreadHoldsUpThePauseOfEverybody() {
        boot();
        machine.spawnOn(0, "background", 10, task -> {
            Mutator mutator = mutators.attach(task);
            mutators.enter(mutator);
            task.compute(5 * MS);
            mutators.safepoint(mutator);
            mutators.leave(mutator);
        });
        machine.spawnOn(0, "hog", -20, task -> {
            task.sleepUntil(MS);
            task.compute(20 * MS);
        });
        machine.spawnOn(1, "collector", 0, task -> {
            task.sleepUntil(2 * MS);
            mutators.suspendAll(task);
            note("all suspended");
            mutators.resumeAll(task);
        });
        machine.run();
        assertThat(machine.kernel.simulation().now()).isPositive();
        assertThat(story).hasSize(1);
        assertThat(story.getFirst()).as("the hog's 20 ms went first").matches("all suspended at (2[0-9])");
    }

    @Test
    void checkpointRunsOnTheThreadItselfInManagedCodeElseOnWhoAsks() {
        boot();
        machine.spawnOn(0, "managed", 0, task -> {
            Mutator mutator = mutators.attach(task);
            mutators.enter(mutator);
            task.compute(5 * MS);
            mutators.safepoint(mutator);
            mutators.leave(mutator);
        });
        machine.spawnOn(1, "native", 0, task -> {
            mutators.attach(task);
            task.compute(5 * MS);
        });
        machine.spawnOn(2, "collector", 0, task -> {
            task.sleepUntil(2 * MS);
            mutators.runCheckpoint(task, (by, mutator) -> story.add(mutator.task.name() + " by " + by.name()));
            note("checkpoint done");
        });
        machine.run();
        assertThat(story).containsExactly("native by collector", "managed by managed", "checkpoint done at 5");
    }

    @Test
    void threadsVisitTheirOwnRootsWhenTheyComeBackFromAFlip() {
        boot();
        long[] took = new long[1];
        machine.spawnOn(0, "mutator", 0, task -> {
            Mutator mutator = mutators.attach(task);
            mutators.requestFlip();
            long began = task.now();
            mutators.enter(mutator);
            took[0] = task.now() - began;
            mutators.leave(mutator);
        });
        machine.run();
        assertThat(took[0]).isEqualTo(JavaHeapRig.costs().threadRootsNs());
    }
}
