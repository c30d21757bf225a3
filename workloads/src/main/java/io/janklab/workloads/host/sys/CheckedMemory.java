package io.janklab.workloads.host.sys;

import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Answer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Loads and stores of eight bytes that the kernel does (`pwrite` from, `pread` to the address), so that a fault is EFAULT, not a crash.
public final class CheckedMemory {
    private static final long PAGE = 4096;

    private final HostSyscalls linux;
    /// A file of eight bytes that they go through, mapped here too.
    private final long file;
    private final MemorySegment value;

    /// @throws HostRefusal if the host refuses what this needs
    public CheckedMemory(HostSyscalls linux) {
        this.linux = linux;
        file = linux.memfd("stamp", PAGE);
        long mapped = linux.require(SystemCall.MMAP, 0, PAGE, Mman.PROT_RW, Mman.MAP_SHARED, file, 0);
        value = MemorySegment.ofAddress(mapped).reinterpret(Long.BYTES);
    }

    /// What is there, or [Answer#FAULT].
    public long load(long address) {
        long result = linux.call(SystemCall.PWRITE64, file, address, Long.BYTES, 0);
        return Errno.isError(result) ? Answer.FAULT : value.get(ValueLayout.JAVA_LONG, 0);
    }

    /// @return false for a fault
    public boolean store(long address, long newValue) {
        value.set(ValueLayout.JAVA_LONG, 0, newValue);
        return !Errno.isError(linux.call(SystemCall.PREAD64, file, address, Long.BYTES, 0));
    }
}
