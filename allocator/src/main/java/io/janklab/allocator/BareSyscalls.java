package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.SigbusHandler;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import org.jspecify.annotations.Nullable;

/// A stub of a kernel, for examining a heap alone: addresses by bump pointer, memory without pages, calls that cost nothing and are only
/// counted.
public class BareSyscalls implements Syscalls {
    private static final long FIRST_ADDRESS = 0x7000_0000_0000L;
    private static final long LAST_ADDRESS = 0x7fff_0000_0000L;
    private static final UserMemory NO_PAGES = new UserMemory() {
        @Override
        public void read(Task task, long address, long length) {
            // There is nothing to fault in.
        }

        @Override
        public void write(Task task, long address, long length) {
            // There is nothing to fault in.
        }
    };

    /// How often each call was made, and with how many bytes.
    ///
    /// @param free calls of `madvise(MADV_FREE)`
    /// @param dontneed calls of `madvise(MADV_DONTNEED)`
    public record Calls(long mmaps, long mmappedBytes, long munmaps, long munmappedBytes, long free, long freeBytes, long dontneed,
            long dontneedBytes) {}

    private long next = FIRST_ADDRESS;
    private long mmaps;
    private long mmappedBytes;
    private long munmaps;
    private long munmappedBytes;
    private long free;
    private long freeBytes;
    private long dontneed;
    private long dontneedBytes;

    /// The calls made so far.
    public final Calls counts() {
        return new Calls(mmaps, mmappedBytes, munmaps, munmappedBytes, free, freeBytes, dontneed, dontneedBytes);
    }

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags) {
        mmaps++;
        boolean fixed = (flags & Mman.MAP_FIXED) != 0;
        if (length <= 0 || (!fixed && length > LAST_ADDRESS - next)) {
            return -Errno.ENOMEM;
        }
        mmappedBytes += length;
        if (fixed) {
            return address;
        }
        long mapped = next;
        next += length;
        return mapped;
    }

    @Override
    public long munmap(Task task, long address, long length) {
        munmaps++;
        munmappedBytes += length;
        return 0;
    }

    @Override
    public long madvise(Task task, long address, long length, int advice) {
        if (advice == Mman.MADV_FREE) {
            free++;
            freeBytes += length;
        } else {
            dontneed++;
            dontneedBytes += length;
        }
        return 0;
    }

    @Override
    public long mprotect(Task task, long address, long length, int protection) {
        return 0;
    }

    @Override
    public long setAnonName(Task task, long address, long length, @Nullable String name) {
        return 0;
    }

    @Override
    public long copyToUser(Task task, long address, long length) {
        return length;
    }

    @Override
    public long copyFromUser(Task task, long address, long length) {
        return length;
    }

    @Override
    public UserfaultFd userfaultfd(Task task, int features) {
        throw new UnsupportedOperationException("there are no page faults here");
    }

    @Override
    public void onSigbus(SigbusHandler handler) {
        throw new UnsupportedOperationException("there are no page faults here");
    }

    @Override
    public UserMemory memory() {
        return NO_PAGES;
    }

    @Override
    public PthreadMutex newMutex(String name) {
        return new BareMutex(name);
    }
}
