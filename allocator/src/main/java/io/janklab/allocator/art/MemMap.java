package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// An anonymous private mapping under a name of its own, like `dalvik-main space` (`libartbase/base/mem_map.cc`). Bytes and addresses.
record MemMap(Syscalls syscalls, long begin, long bytes) {
    static final long PAGE = 4096;

    /// @throws OutOfJavaHeap if the kernel has no room for it
    static MemMap map(Task task, Syscalls syscalls, String name, long bytes) {
        long begin = syscalls.mmap(task, 0, bytes, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
        if (Errno.isError(begin)) {
            throw new OutOfJavaHeap("mmap of " + bytes + " bytes for " + name + " returned " + Errno.describe(begin));
        }
        check("prctl", syscalls.setAnonName(task, begin, bytes, "dalvik-" + name));
        return new MemMap(syscalls, begin, bytes);
    }

    static long pages(long bytes) {
        return pageAlign(bytes) / PAGE;
    }

    static long pageAlign(long bytes) {
        return bytes + PAGE - 1 & -PAGE;
    }

    /// @throws OutOfMemoryAbort if the kernel has no memory for it
    static void check(String call, long result) {
        if (result == -Errno.ENOMEM) {
            throw new OutOfMemoryAbort(call + " returned " + Errno.describe(result));
        }
        if (result < 0) {
            throw new IllegalStateException(call + " returned " + Errno.describe(result));
        }
    }

    long end() {
        return begin + bytes;
    }

    boolean contains(long address) {
        return address >= begin && address < end();
    }

    /// `MadviseDontNeedAndZero`.
    void release(Task task) {
        release(task, begin, bytes);
    }

    void release(Task task, long address, long length) {
        check("madvise", syscalls.madvise(task, address, length, Mman.MADV_DONTNEED));
    }
}
