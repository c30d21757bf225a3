package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.Tracepoints;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The threads of the app, and how they are stopped (`runtime/thread_list.cc`).
///
/// A thread in managed code stops at its next safepoint. Until the last one has stopped (it may have been preempted, or wait for a lock in
/// a page fault) all others and the collector wait.
final class Mutators {
    private final List<Mutator> all = new ArrayList<>();
    private final WaitQueue barrier = new WaitQueue();
    private final WaitQueue resumed = new WaitQueue();
    private final Tracepoints tracepoints;
    private final CollectorCosts costs;
    private int inManagedCode;
    private int checkpointsOwed;
    private boolean suspended;

    Mutators(Tracepoints tracepoints, CollectorCosts costs) {
        this.tracepoints = tracepoints;
        this.costs = costs;
    }

    Mutator attach(Task task) {
        Mutator mutator = new Mutator(task);
        all.add(mutator);
        return mutator;
    }

    /// The thread ends; it is not in managed code.
    void detach(Mutator mutator) {
        all.remove(mutator);
    }

    void forEach(Consumer<Mutator> action) {
        all.forEach(action);
    }

    // The mutators' side

    /// `TransitionFromSuspendedToRunnable`: waits while all are suspended.
    void enter(Mutator mutator) {
        mutator.task.settle();
        while (suspended) {
            awaitResume(mutator.task);
        }
        mutator.managed = true;
        inManagedCode++;
        flip(mutator);
    }

    /// `TransitionFromRunnableToSuspended`: requested checkpoints come first.
    void leave(Mutator mutator) {
        mutator.task.settle();
        runCheckpoint(mutator);
        mutator.managed = false;
        inManagedCode--;
        if (suspended && inManagedCode == 0) {
            barrier.wakeOne(mutator.task);
        }
    }

    /// `CheckSuspend`.
    void safepoint(Mutator mutator) {
        runCheckpoint(mutator);
        if (suspended) {
            leave(mutator);
            enter(mutator);
        }
    }

    private void runCheckpoint(Mutator mutator) {
        if (mutator.checkpoint == null) {
            return;
        }
        mutator.checkpoint.run(mutator.task, mutator);
        mutator.task.settle();
        mutator.checkpoint = null;
        checkpointsOwed--;
        if (checkpointsOwed == 0) {
            barrier.wakeOne(mutator.task);
        }
    }

    private void awaitResume(Task task) {
        tracepoints.sliceBegin(task.now(), task, "FullSuspendCheck", 0);
        task.charge(costs.syscallNs());
        task.settle();
        if (suspended) {
            resumed.await(task, TaskState.INTERRUPTIBLE);
        }
        tracepoints.sliceEnd(task.now(), task);
    }

    private void flip(Mutator mutator) {
        if (mutator.flipPending) {
            mutator.flipPending = false;
            mutator.task.compute(costs.threadRootsNs());
        }
    }

    // The collector's side

    /// `RunCheckpoint` and the barrier after it: returns when every thread's part has been run.
    void runCheckpoint(Task self, Checkpoint checkpoint) {
        self.settle();
        for (Mutator mutator : List.copyOf(all)) {
            if (mutator.managed) {
                mutator.checkpoint = checkpoint;
                checkpointsOwed++;
            } else {
                checkpoint.run(self, mutator);
                self.settle();
            }
        }
        awaitBarrier(self, () -> checkpointsOwed > 0);
    }

    /// `SuspendAll`: returns when no thread runs managed code.
    void suspendAll(Task self) {
        self.settle();
        suspended = true;
        awaitBarrier(self, () -> inManagedCode > 0);
    }

    private void awaitBarrier(Task self, BooleanSupplier closed) {
        while (closed.getAsBoolean()) {
            barrier.await(self, TaskState.INTERRUPTIBLE);
        }
    }

    /// `ResumeAll`: one futex wake, paid for by the thread that suspended the others.
    void resumeAll(Task self) {
        self.charge(costs.syscallNs());
        self.settle();
        suspended = false;
        resumed.wakeAll(self);
    }

    /// From here on every thread visits its own roots before it continues in managed code (`FlipThreadRoots`).
    void requestFlip() {
        all.forEach(mutator -> mutator.flipPending = true);
    }
}
