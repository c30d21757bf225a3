package io.janklab.workloads.host.sys;

import io.janklab.kernel.uapi.Mman;
import java.lang.foreign.MemorySegment;

/// Fresh anonymous memory of this process, never in huge pages.
public final class SmallPages {
    private static final long NO_FD = -1;

    private SmallPages() {}

    public static MemorySegment map(HostSyscalls linux, long bytes) {
        long address = linux.require(SystemCall.MMAP, 0, bytes, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, NO_FD, 0);
        linux.require(SystemCall.MADVISE, address, bytes, Mman.MADV_NOHUGEPAGE, 0, 0, 0);
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
