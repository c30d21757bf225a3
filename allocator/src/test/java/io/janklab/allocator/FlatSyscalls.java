package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.SigbusHandler;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A kernel without an inside: address space by bump pointer, calls counted and listed, nothing costs time. Fast, for testing heaps.
///
/// `failCall` makes the n-th memory call from now on (0 the next) fail with −ENOMEM.
public final class FlatSyscalls implements Syscalls {
    private static final long FIRST_ADDRESS = 0x7000_0000_0000L;
    private static final long LAST_ADDRESS = 0x7fff_0000_0000L;

    /// One madvise call; addresses and lengths in bytes.
    public record Advice(long address, long length, int advice) {}

    private final NavigableMap<Long, Long> mappings = new TreeMap<>();
    private final List<Advice> advices = new ArrayList<>();
    private final List<Mutex> mutexes = new ArrayList<>();
    private final Memory memory = new Memory();
    private long next = FIRST_ADDRESS;
    private long callsUntilFailure = Long.MAX_VALUE;
    private long calls;
    private boolean keepAdvices = true;

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags) {
        if (fails() || length > LAST_ADDRESS - next || length <= 0) {
            return -Errno.ENOMEM;
        }
        long mapped = next;
        next += length;
        mappings.put(mapped, mapped + length);
        return mapped;
    }

    @Override
    public long setAnonName(Task task, long address, long length, String name) {
        return 0;
    }

    @Override
    public long munmap(Task task, long address, long length) {
        if (fails()) {
            return -Errno.ENOMEM;
        }
        punch(address, address + length);
        return 0;
    }

    private void punch(long start, long end) {
        while (true) {
            Map.Entry<Long, Long> mapping = mappings.lowerEntry(end);
            if (mapping == null || mapping.getValue() <= start) {
                return;
            }
            mappings.remove(mapping.getKey());
            if (mapping.getKey() < start) {
                mappings.put(mapping.getKey(), start);
            }
            if (mapping.getValue() > end) {
                mappings.put(end, mapping.getValue());
            }
        }
    }

    @Override
    public UserfaultFd userfaultfd(Task task, int features) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onSigbus(SigbusHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long mprotect(Task task, long address, long length, int protection) {
        return 0;
    }

    @Override
    public long madvise(Task task, long address, long length, int advice) {
        if (!isMapped(address, length)) {
            throw new AssertionError("madvise of memory that is not mapped: 0x" + Long.toHexString(address) + " + " + length);
        }
        if (fails()) {
            return -Errno.ENOMEM;
        }
        if (keepAdvices) {
            advices.add(new Advice(address, length, advice));
        }
        return 0;
    }

    private boolean fails() {
        calls++;
        return callsUntilFailure-- == 0;
    }

    /// Whether every byte of that range is mapped.
    public boolean isMapped(long address, long length) {
        long at = address;
        while (at < address + length) {
            Map.Entry<Long, Long> mapping = mappings.floorEntry(at);
            if (mapping == null || mapping.getValue() <= at) {
                return false;
            }
            at = mapping.getValue();
        }
        return true;
    }

    public long mappedBytes() {
        return mappings.entrySet().stream().mapToLong(mapping -> mapping.getValue() - mapping.getKey()).sum();
    }

    public void failCall(long n) {
        callsUntilFailure = n;
    }

    /// mmap, munmap and madvise calls so far.
    public long calls() {
        return calls;
    }

    /// The madvise calls since the last [#clearAdvices].
    public List<Advice> advices() {
        return advices;
    }

    public void clearAdvices() {
        advices.clear();
    }

    /// For long replays.
    public void forgetAdvices() {
        keepAdvices = false;
    }

    /// Whether a task of that kind holds a mutex.
    public boolean anyMutexHeld(Predicate<Task> by) {
        return mutexes.stream().anyMatch(mutex -> mutex.owner != null && by.test(mutex.owner));
    }

    @Override
    public long copyToUser(Task task, long address, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long copyFromUser(Task task, long address, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    @Override
    public PthreadMutex newMutex(String name) {
        Mutex mutex = new Mutex(name);
        mutexes.add(mutex);
        return mutex;
    }

    private final class Memory implements UserMemory {
        @Override
        public void read(Task task, long address, long length) {
            check(address, length);
        }

        @Override
        public void write(Task task, long address, long length) {
            check(address, length);
        }

        private void check(long address, long length) {
            if (!isMapped(address, length)) {
                throw new AssertionError("access to memory that is not mapped: 0x" + Long.toHexString(address) + " + " + length);
            }
        }
    }

    private static final class Mutex implements PthreadMutex {
        private final String name;
        private final WaitQueue waiters = new WaitQueue();
        private Task owner;

        Mutex(String name) {
            this.name = name;
        }

        @Override
        public void lock(Task task) {
            task.settle();
            while (owner != null) {
                if (owner == task) {
                    throw new AssertionError(task + " locks '" + name + "' twice");
                }
                waiters.await(task, TaskState.INTERRUPTIBLE);
            }
            owner = task;
        }

        @Override
        public boolean tryLock(Task task) {
            task.settle();
            if (owner != null) {
                return false;
            }
            owner = task;
            return true;
        }

        @Override
        public void unlock(Task task) {
            task.settle();
            if (owner != task) {
                throw new IllegalStateException(task + " unlocks '" + name + "', held by " + owner);
            }
            owner = null;
            waiters.wakeOne(task);
        }

        @Override
        public boolean isHeldBy(Task task) {
            return owner == task;
        }
    }
}
