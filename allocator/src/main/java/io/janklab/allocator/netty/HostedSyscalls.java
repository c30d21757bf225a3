package io.janklab.allocator.netty;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.SigbusHandler;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The process's system calls as made by one of its heaps: the kernel executes them, and the host's memory follows.
final class HostedSyscalls implements Syscalls {
    private final Syscalls kernel;
    private final HostMemory memory;
    private final IntFunction<ByteBuffer> hostMemory;

    /// @param hostMemory allocates that many bytes of host memory, zeroed
    HostedSyscalls(Syscalls kernel, HostMemory memory, IntFunction<ByteBuffer> hostMemory) {
        this.kernel = kernel;
        this.memory = memory;
        this.hostMemory = hostMemory;
    }

    /// A mapping is a range of host memory, so it is smaller than 2 GiB and limited by the host's memory.
    @Override
    public long mmap(Task task, long address, long length, int protection, int flags) {
        ByteBuffer bytes = length > Integer.MAX_VALUE ? null : allocate((int) length);
        if (bytes == null) {
            return -Errno.ENOMEM;
        }
        long mapped = kernel.mmap(task, address, length, protection, flags);
        if (!Errno.isError(mapped)) {
            memory.map(new HostPages(mapped, bytes));
        }
        return mapped;
    }

    private @Nullable ByteBuffer allocate(int length) {
        try {
            return hostMemory.apply(length);
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    @Override
    public long munmap(Task task, long address, long length) {
        long result = kernel.munmap(task, address, length);
        if (result == 0) {
            memory.unmap(address, length);
        }
        return result;
    }

    @Override
    public long madvise(Task task, long address, long length, int advice) {
        long result = kernel.madvise(task, address, length, advice);
        if (result == 0) {
            memory.advised(address, length, advice == Mman.MADV_DONTNEED);
        }
        return result;
    }

    /// The bytes of one mapping are contiguous on the host, those of two are not.
    @Override
    public boolean mapsCoalesce() {
        return false;
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    @Override
    public long mprotect(Task task, long address, long length, int protection) {
        return kernel.mprotect(task, address, length, protection);
    }

    @Override
    public long setAnonName(Task task, long address, long length, @Nullable String name) {
        return kernel.setAnonName(task, address, length, name);
    }

    @Override
    public long copyToUser(Task task, long address, long length) {
        return kernel.copyToUser(task, address, length);
    }

    @Override
    public long copyFromUser(Task task, long address, long length) {
        return kernel.copyFromUser(task, address, length);
    }

    @Override
    public UserfaultFd userfaultfd(Task task, int features) {
        return kernel.userfaultfd(task, features);
    }

    @Override
    public void onSigbus(SigbusHandler handler) {
        kernel.onSigbus(handler);
    }

    @Override
    public PthreadMutex newMutex(String name) {
        return kernel.newMutex(name);
    }
}
