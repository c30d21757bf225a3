package io.janklab.workloads.scale;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.PageCache;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// A loop's environment: its process's kernel and C library, and the machine's files.
public record Surroundings(Syscalls syscalls, Heap heap, PageCache files) {
    /// The size of every loop's mapping, file or block (bytes).
    static final long MEMSIZE = 128L << 20;

    UserMemory memory() {
        return syscalls.memory();
    }

    /// `mmap(NULL, MEMSIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)`.
    long mapAnonymous(Task task) {
        return checked("mmap", syscalls.mmap(task, 0, MEMSIZE, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS));
    }

    void unmap(Task task, long address) {
        checked("munmap", syscalls.munmap(task, address, MEMSIZE));
    }

    /// The result of a call that must not fail.
    static long checked(String call, long result) {
        if (Errno.isError(result)) {
            throw new IllegalStateException(call + " returned " + Errno.describe(result));
        }
        return result;
    }
}
