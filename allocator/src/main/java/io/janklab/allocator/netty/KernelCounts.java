package io.janklab.allocator.netty;

import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Mman;

/// What the kernel has done for the process so far.
final class KernelCounts implements TraceListener {
    private final int tgid;
    long pageFaults;
    long pageFaultsByVmaLock;
    long madviseFree;
    long madviseDontneed;
    long madvisedBytes;

    KernelCounts(int tgid) {
        this.tgid = tgid;
    }

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries, long beganAt) {
        if (task.tgid() == tgid) {
            pageFaults++;
            pageFaultsByVmaLock += path == FaultPath.VMA_LOCK ? 1 : 0;
        }
    }

    @Override
    public void madvise(long now, TracedTask task, int advice, long start, long length, MadvisePath path, long result, long beganAt) {
        if (task.tgid() == tgid) {
            madviseFree += advice == Mman.MADV_FREE ? 1 : 0;
            madviseDontneed += advice == Mman.MADV_DONTNEED ? 1 : 0;
            madvisedBytes += length;
        }
    }
}
