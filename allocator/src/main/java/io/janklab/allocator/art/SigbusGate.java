package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;

/// Lets SIGBUS handlers into a compaction, and waits for those inside before it ends (`SigbusHandler`, `sigbus_in_progress_count_`).
///
/// It closes twice: before the space is disarmed, and before from-space is released. A handler that enters in between finds its page
/// mapped, or the space disarmed; a later one has only to retry.
final class SigbusGate {
    private final HeapParts heap;
    private final int[] inside = new int[2];
    @SuppressWarnings("NullAway.Init")
    private Compaction compaction;
    @SuppressWarnings("NullAway.Init")
    private MemMap moving;
    /// How often it has closed: handlers are counted in that place of `inside`.
    private int closed = 2;

    SigbusGate(HeapParts heap) {
        this.heap = heap;
    }

    void open(Compaction newCompaction, MemMap movingSpace) {
        compaction = newCompaction;
        moving = movingSpace;
        closed = 0;
    }

    Compaction compaction() {
        return compaction;
    }

    void onSigbus(Task task, long address) {
        task.settle();
        if (closed == 2) {
            return;
        }
        if (!moving.contains(address)) {
            throw new IllegalStateException(String.format("SIGBUS: %s touched 0x%x", task.name(), address));
        }
        int count = closed;
        inside[count]++;
        compaction.resolve(task, address - moving.begin());
        task.settle();
        inside[count]--;
    }

    void closeToCompaction(Task self) {
        closed = 1;
        await(self, 0);
    }

    void close(Task self) {
        closed = 2;
        await(self, 1);
    }

    private void await(Task self, int count) {
        self.settle();
        for (int attempt = 0; inside[count] > 0; attempt++) {
            BackOff.pause(self, heap.costs(), attempt);
        }
    }
}
