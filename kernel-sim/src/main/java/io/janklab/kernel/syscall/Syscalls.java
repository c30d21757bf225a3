package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// The system calls of one process. The caller passes itself, the running task, first.
///
/// Addresses and lengths are in bytes. Every call returns a value or −errno ([io.janklab.kernel.uapi.Errno]); constants are in
/// [io.janklab.kernel.uapi.Mman]. A kernel that lacks a call returns −ENOSYS.
public interface Syscalls {
    /// `mmap(2)` of anonymous memory. Returns the address.
    long mmap(Task task, long address, long length, int protection, int flags);

    /// `mmap(2)` of a file from byte `offset` on.
    default long mmap(Task task, long address, long length, int protection, int flags, @Nullable VirtualFile file, long offset) {
        return -Errno.EBADF;
    }

    /// Whether neighbouring mappings can be used as if they were one, as on Linux (jemalloc's `maps_coalesce`).
    default boolean mapsCoalesce() {
        return true;
    }

    /// `munmap(2)`.
    long munmap(Task task, long address, long length);

    /// `mprotect(2)`.
    long mprotect(Task task, long address, long length, int protection);

    /// `madvise(2)`.
    long madvise(Task task, long address, long length, int advice);

    /// `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)`: names anonymous memory, as bionic and ART do with every mapping they make. Null removes
    /// the name.
    long setAnonName(Task task, long address, long length, @Nullable String name);

    /// `process_madvise(2)` on the process `pid`: `starts[i]`, `lengths[i]` are its ranges. Returns bytes advised.
    default long processMadvise(Task task, int pid, long[] starts, long[] lengths, int advice, int flags) {
        return -Errno.ENOSYS;
    }

    /// `mremap(2)`. Returns the new address.
    default long mremap(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        return -Errno.ENOSYS;
    }

    /// `brk(2)`. Returns the break, moved or not; 0 only queries it.
    default long brk(Task task, long wanted) {
        return -Errno.ENOSYS;
    }

    /// `mlock(2)`.
    default long mlock(Task task, long address, long length) {
        return -Errno.ENOSYS;
    }

    /// `mlock2(2)`, with `MLOCK_…` flags.
    default long mlock2(Task task, long address, long length, int flags) {
        return -Errno.ENOSYS;
    }

    /// `mlockall(2)`, with `MCL_…` flags.
    default long mlockall(Task task, int flags) {
        return -Errno.ENOSYS;
    }

    /// `munlockall(2)`.
    default long munlockall(Task task) {
        return -Errno.ENOSYS;
    }

    /// `munlock(2)`.
    default long munlock(Task task, long address, long length) {
        return -Errno.ENOSYS;
    }

    /// `mincore(2)`: 1 in `resident` for each page that is mapped, 0 for the others.
    default long mincore(Task task, long address, long length, byte[] resident) {
        return -Errno.ENOSYS;
    }

    /// `mseal(2)`.
    default long mseal(Task task, long address, long length, long flags) {
        return -Errno.ENOSYS;
    }

    /// `open(2)` of `/proc/PID/maps`; null if there is no such process.
    default @Nullable ProcFd openMaps(Task task, int pid) {
        return null;
    }

    /// `open(2)` of `/proc/PID/smaps`; null if there is no such process.
    default @Nullable ProcFd openSmaps(Task task, int pid) {
        return null;
    }

    /// `open(2)` of `/proc/PID/numa_maps`; null if there is no such process.
    default @Nullable ProcFd openNumaMaps(Task task, int pid) {
        return null;
    }

    /// `read(2)` or a Binder reply: the kernel copies `length` bytes out to user memory, taking kernel-mode faults
    /// (`copy_to_user`). Returns `length`, or −EFAULT if nothing could be written.
    long copyToUser(Task task, long address, long length);

    /// `write(2)` or a Binder call: the kernel copies `length` bytes in from user memory (`copy_from_user`).
    long copyFromUser(Task task, long address, long length);

    /// Opens `/dev/binder` and maps `length` bytes of it; null if there is no room, or no Binder.
    default @Nullable BinderFd openBinder(Task task, long length) {
        return null;
    }

    /// `userfaultfd(2)` with these `UFFD_FEATURE_…` bits.
    UserfaultFd userfaultfd(Task task, int features);

    /// `sigaction(2)` for SIGBUS; without a handler SIGBUS is a [BusError].
    void onSigbus(SigbusHandler handler);

    /// `process_vm_readv(2)` of one range of process `tgid`. Returns bytes read; −ESRCH, −EFAULT.
    default long processVmReadv(Task task, int tgid, long address, long length) {
        return -Errno.ENOSYS;
    }

    /// Reads `length` bytes at `address` through `/proc/TGID/mem`, a page at a time, regardless of its rights. Returns bytes read;
    /// −ESRCH, −EIO.
    default long readProcMem(Task task, int tgid, long address, long length) {
        return -Errno.ENOSYS;
    }

    /// Reads `/proc/TGID/cmdline` whole. Returns bytes read; −ESRCH.
    default long readCmdline(Task task, int tgid) {
        return -Errno.ENOSYS;
    }

    /// The task's own loads and stores.
    UserMemory memory();

    /// A new futex-based mutex; `name` identifies it to readers.
    PthreadMutex newMutex(String name);
}
