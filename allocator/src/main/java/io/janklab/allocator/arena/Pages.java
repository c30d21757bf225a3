package io.janklab.allocator.arena;

import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// Memory from and to the kernel (`src/pages.c`, `src/ehooks.c`). Addresses and sizes in bytes, page-aligned.
final class Pages {
    private static final int FLAGS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE;

    private final Syscalls syscalls;
    private final int lazyAdvice;
    private final int forcedAdvice;

    Pages(Syscalls syscalls, HeapOptions options) {
        this.syscalls = syscalls;
        this.lazyAdvice = advice(options, HeapOption.PURGE_LAZY);
        this.forcedAdvice = advice(options, HeapOption.PURGE_FORCED);
    }

    private static int advice(HeapOptions options, HeapOption option) {
        return options.is(option, "free") ? Mman.MADV_FREE : Mman.MADV_DONTNEED;
    }

    /// Maps fresh memory: first wherever the kernel puts it, else with room to trim (`pages_map`). 0 if there is none.
    long map(Task task, long size, long alignment) {
        long address = mmap(task, size);
        if (address == 0 || address % alignment == 0) {
            return address;
        }
        unmap(task, address, size);
        return mapAndTrim(task, size, alignment);
    }

    private long mapAndTrim(Task task, long size, long alignment) {
        long room = size + alignment - SizeClasses.PAGE;
        long start = room < size ? 0 : mmap(task, room);
        if (start == 0) {
            return 0;
        }
        long address = SizeClasses.alignUp(start, alignment);
        unmapIfAny(task, start, address - start);
        unmapIfAny(task, address + size, start + room - (address + size));
        return address;
    }

    private long mmap(Task task, long size) {
        long address = syscalls.mmap(task, 0, size, Mman.PROT_RW, FLAGS);
        return Errno.isError(address) ? 0 : address;
    }

    private void unmapIfAny(Task task, long address, long size) {
        if (size > 0) {
            unmap(task, address, size);
        }
    }

    /// @return whether the kernel did it
    boolean unmap(Task task, long address, long size) {
        return syscalls.munmap(task, address, size) == 0;
    }

    /// Lets the kernel take the pages when it needs them (`pages_purge_lazy`).
    ///
    /// @return whether the kernel agreed
    boolean purgeLazy(Task task, Edata extent) {
        return syscalls.madvise(task, extent.base(), extent.size(), lazyAdvice) == 0;
    }

    /// Drops the pages at once (`pages_purge_forced`).
    ///
    /// @return whether the kernel agreed
    boolean purgeForced(Task task, Edata extent) {
        return syscalls.madvise(task, extent.base(), extent.size(), forcedAdvice) == 0;
    }

    /// Whether pages read zero after [#purgeForced].
    boolean forcedPurgeZeroes() {
        return forcedAdvice == Mman.MADV_DONTNEED;
    }

    /// Makes an extent read zero: by dropping its pages, or by writing them if the kernel refuses (`ehooks_default_zero_impl`).
    void zero(Task task, Edata extent) {
        if (syscalls.madvise(task, extent.base(), extent.size(), Mman.MADV_DONTNEED) != 0) {
            clear(task, extent.base(), extent.size());
        }
    }

    /// Clears memory, taking the page faults that this causes.
    void clear(Task task, long address, long size) {
        syscalls.memory().zero(task, address, size);
    }

    /// Copies memory, taking the page faults that this causes.
    void copy(Task task, long from, long to, long size) {
        syscalls.memory().copy(task, from, to, size);
    }
}
