package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// [BareSyscalls] for testing heaps: checks every access, lists the madvise calls, and tracks the mutexes.
///
/// `failCall` makes the n-th memory call from now on (0 the next) fail with −ENOMEM.
public final class FlatSyscalls extends BareSyscalls {
    /// One madvise call; addresses and lengths in bytes.
    public record Advice(long address, long length, int advice) {}

    private final NavigableMap<Long, Long> mappings = new TreeMap<>();
    private final List<Advice> advices = new ArrayList<>();
    private final List<BareMutex> mutexes = new ArrayList<>();
    private final Memory memory = new Memory();
    private long callsUntilFailure = Long.MAX_VALUE;
    private long calls;
    private boolean keepAdvices = true;

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags) {
        long mapped = fails() ? -Errno.ENOMEM : super.mmap(task, address, length, protection, flags);
        if (mapped > 0) {
            punch(mapped, mapped + length);
            if (protection != Mman.PROT_NONE) {
                mappings.put(mapped, mapped + length);
            }
        }
        return mapped;
    }

    @Override
    public long munmap(Task task, long address, long length) {
        if (fails()) {
            return -Errno.ENOMEM;
        }
        punch(address, address + length);
        return super.munmap(task, address, length);
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
        return super.madvise(task, address, length, advice);
    }

    private boolean fails() {
        calls++;
        return callsUntilFailure-- == 0;
    }

    /// Whether every byte of that range may be accessed.
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
        return mutexes.stream().anyMatch(mutex -> mutex.owner() != null && by.test(mutex.owner()));
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    @Override
    public PthreadMutex newMutex(String name) {
        BareMutex mutex = new BareMutex(name);
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
}
