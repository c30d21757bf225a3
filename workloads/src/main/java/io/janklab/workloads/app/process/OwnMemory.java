package io.janklab.workloads.app.process;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;

/// Memory that a thread fills from its beginning, in mappings of equal size, each made when the thread gets to it.
public final class OwnMemory {
    private final AppMemory memory;
    private final long mappingBytes;
    private final long[] addresses;
    private int mapped;

    /// @param mappings at most one for each page is made
    public OwnMemory(AppMemory memory, long bytes, int mappings) {
        this.memory = memory;
        long pages = (bytes + Hardware.PAGE_SIZE - 1) / Hardware.PAGE_SIZE;
        this.mappingBytes = (pages + mappings - 1) / mappings * Hardware.PAGE_SIZE;
        this.addresses = new long[(int) ((bytes + mappingBytes - 1) / mappingBytes)];
    }

    /// Maps what comes before and at byte `to`.
    public void map(Task task, long to) {
        for (; mapped < addresses.length && mapped * mappingBytes <= to; mapped++) {
            addresses[mapped] = memory.mappings().map(task, "malloc", mappingBytes);
        }
    }

    /// Writes bytes `from` to `to`, and maps what of them is not mapped yet.
    public void write(Task task, long from, long to) {
        for (long at = from; at < to; ) {
            map(task, at);
            int mapping = (int) (at / mappingBytes);
            long end = Math.min(to, (mapping + 1) * mappingBytes);
            memory.user().write(task, addresses[mapping] + at % mappingBytes, end - at);
            at = end;
        }
    }
}
