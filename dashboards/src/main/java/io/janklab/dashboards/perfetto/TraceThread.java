package io.janklab.dashboards.perfetto;

import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The state of one task that the trace needs.
final class TraceThread {
    private final TracedTask task;
    /// Markers of its open slices, innermost first.
    private final Deque<String> openSlices = new ArrayDeque<>();
    private TaskState state = TaskState.RUNNABLE;
    private int cpu;
    private int leftCpu;
    private long leftAt = -1;
    /// The lock it waits for, or null.
    private @Nullable LockWaitSlice wait;
    private int holdSlotsInUse;
    private long wokenAt;

    TraceThread(TracedTask task) {
        this.task = task;
    }

    TracedTask task() {
        return task;
    }

    /// As the trace has it.
    int tid() {
        return TraceIds.tid(task);
    }

    TaskState state() {
        return state;
    }

    void enter(TaskState newState, int newCpu) {
        state = newState;
        cpu = newCpu;
    }

    void isWoken(long now) {
        wokenAt = now;
    }

    /// When it was woken last (ns).
    long wokenAt() {
        return wokenAt;
    }

    void leaves(long now, int oldCpu, TaskState newState) {
        enter(newState, oldCpu);
        leftCpu = oldCpu;
        leftAt = now;
    }

    /// When an event of another CPU that has come after it left its own is to be dated: readers order simultaneous events by their CPUs'
    /// numbers, so it is a nanosecond later if need be.
    long dateOn(int otherCpu, long now) {
        return leftAt == now && leftCpu != otherCpu ? now + 1 : now;
    }

    /// Where it runs, is to run, or ran last.
    int cpu() {
        return cpu;
    }

    Deque<String> openSlices() {
        return openSlices;
    }

    @Nullable LockWaitSlice lockWait() {
        return wait;
    }

    void waitsFor(@Nullable LockWaitSlice newWait) {
        wait = newWait;
    }

    /// The lowest free row of 32; the last is shared by all that find none.
    int takeHoldSlot() {
        int slot = Math.min(Integer.numberOfTrailingZeros(~holdSlotsInUse), Integer.SIZE - 1);
        holdSlotsInUse |= 1 << slot;
        return slot;
    }

    void freeHoldSlot(int slot) {
        holdSlotsInUse &= ~(1 << slot);
    }
}
