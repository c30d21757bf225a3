package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;

/// An open `userfaultfd(2)`: its ioctls, its `read`. Lengths and addresses in bytes, modes from [io.janklab.kernel.uapi.Uffd]; every
/// call returns a value or −errno.
public interface UserfaultFd {
    /// `UFFDIO_REGISTER`. 0, −EINVAL, −EPERM, −EBUSY (another userfaultfd's) or −ENOMEM.
    long register(Task task, long start, long length, int modes);

    /// `UFFDIO_UNREGISTER`.
    long unregister(Task task, long start, long length);

    /// `UFFDIO_COPY` into missing pages. Returns the bytes copied (fewer than asked is the ioctl's EAGAIN); if none −EEXIST, −ENOENT,
    /// −EFAULT, −ENOMEM, −EINVAL, or −EAGAIN if the call would have had to wait for mmap_lock and must not.
    long copy(Task task, long destination, long source, long length, long mode);

    /// `UFFDIO_ZEROPAGE`. Returns as [#copy] does.
    long zeropage(Task task, long start, long length, long mode);

    /// `UFFDIO_MOVE` of pages to missing ones. Returns the bytes moved; if none −EEXIST, −ENOENT, −EBUSY, −ENOMEM or −EINVAL.
    long move(Task task, long destination, long source, long length, int mode);

    /// `UFFDIO_WRITEPROTECT`. 0, −ENOENT or −EINVAL.
    long writeProtect(Task task, long start, long length, int mode);

    /// `UFFDIO_POISON` of missing pages. Returns as [#copy] does.
    long poison(Task task, long start, long length, long mode);

    /// `UFFDIO_CONTINUE`. −EINVAL for anonymous memory, −ENOENT for what is not registered.
    long continueWith(Task task, long start, long length, long mode);

    /// `UFFDIO_WAKE`.
    long wake(Task task, long start, long length);

    /// `close(2)`: unregisters everything.
    void close(Task task);

    /// `read(2)`: sleeps until a fault waits to be resolved; returns its page's address.
    long read(Task task);
}
