package io.janklab.workloads.app.process;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.input.BadInput;

/// Anonymous private mappings, made and unmapped with their errors checked. Each has a name, as on Android, which also keeps it from
/// merging with those of others.
public final class Mappings {
    private static final int ANONYMOUS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;

    private final Syscalls syscalls;

    public Mappings(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /// Maps `bytes` readable and writable under a name like `dalvik-main space`, and returns the address.
    ///
    /// @throws BadInput if the device has no memory for it
    public long map(Task task, String name, long bytes) {
        long address = mapUnnamed(task, bytes);
        name(task, address, bytes, name);
        return address;
    }

    /// @throws BadInput if the device has no memory for it
    public long mapUnnamed(Task task, long bytes) {
        return checked(bytes, syscalls.mmap(task, 0, bytes, Mman.PROT_RW, ANONYMOUS));
    }

    /// Inaccessible, reserved address space.
    long reserve(Task task, long bytes) {
        return checked(bytes, syscalls.mmap(task, 0, bytes, Mman.PROT_NONE, ANONYMOUS | Mman.MAP_NORESERVE));
    }

    /// In place of existing mappings.
    void mapFixed(Task task, long address, long bytes, int protection) {
        checked(bytes, syscalls.mmap(task, address, bytes, protection, ANONYMOUS | Mman.MAP_FIXED));
    }

    /// Part of a file, private; at `address`, in place of what is there, or anywhere if that is 0.
    public long mapFile(Task task, long address, long bytes, int protection, VirtualFile file, long offset) {
        int flags = Mman.MAP_PRIVATE | (address == 0 ? 0 : Mman.MAP_FIXED);
        return checked(bytes, syscalls.mmap(task, address, bytes, protection, flags, file, offset));
    }

    private static long checked(long bytes, long address) {
        if (Errno.isError(address)) {
            throw new BadInput("the device is too small for this scenario: mmap of " + bytes + " bytes returned "
                    + Errno.describe(address) + ".");
        }
        return address;
    }

    public void name(Task task, long address, long bytes, String name) {
        check("prctl", syscalls.setAnonName(task, address, bytes, name));
    }

    public void unmap(Task task, long address, long bytes) {
        check("munmap", syscalls.munmap(task, address, bytes));
    }

    public void protect(Task task, long address, long bytes, int protection) {
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
