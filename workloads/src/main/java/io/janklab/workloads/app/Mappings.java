package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.input.BadInput;

/// Anonymous private mappings, made and given back with their errors checked. Each bears a name, as on Android, which also keeps it from
/// merging with somebody else's.
final class Mappings {
    private static final int ANONYMOUS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;

    private final Syscalls syscalls;

    Mappings(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /// Maps `bytes` readable and writable under a name like `dalvik-main space`, and returns the address.
    ///
    /// @throws BadInput if the device has no memory for it
    long map(Task task, String name, long bytes) {
        long address = syscalls.mmap(task, 0, bytes, Mman.PROT_RW, ANONYMOUS);
        if (Errno.isError(address)) {
            throw new BadInput("the device is too small for this scenario: mmap of " + bytes + " bytes returned " + Errno.describe(address) + ".");
        }
        check("prctl", syscalls.setAnonName(task, address, bytes, name));
        return address;
    }

    void unmap(Task task, long address, long bytes) {
        check("munmap", syscalls.munmap(task, address, bytes));
    }

    void protect(Task task, long address, long bytes, int protection) {
        check("mprotect", syscalls.mprotect(task, address, bytes, protection));
    }

    void advise(Task task, long address, long bytes, int advice) {
        check("madvise", syscalls.madvise(task, address, bytes, advice));
    }

    private static void check(String call, long result) {
        if (result < 0) {
            throw new IllegalStateException(call + " returned " + Errno.describe(result));
        }
    }
}
