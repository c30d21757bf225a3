package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.Userfaultfd;

/// Enters the kernel for each operation on a userfaultfd.
final class KernelUserfaultFd implements UserfaultFd {
    private final Userfaultfd userfaultfd;
    private final long entryNs;

    KernelUserfaultFd(Userfaultfd userfaultfd, long entryNs) {
        this.userfaultfd = userfaultfd;
        this.entryNs = entryNs;
    }

    @Override
    public long register(Task task, long start, long length, int modes) {
        enter(task, "ioctl(UFFDIO_REGISTER)");
        return leave(task, userfaultfd.register(task, start, length, modes));
    }

    @Override
    public long unregister(Task task, long start, long length) {
        enter(task, "ioctl(UFFDIO_UNREGISTER)");
        return leave(task, userfaultfd.unregister(task, start, length));
    }

    @Override
    public long copy(Task task, long destination, long source, long length, long mode) {
        enter(task, "ioctl(UFFDIO_COPY)");
        return leave(task, userfaultfd.copy(task, destination, source, length, mode));
    }

    @Override
    public long zeropage(Task task, long start, long length, long mode) {
        enter(task, "ioctl(UFFDIO_ZEROPAGE)");
        return leave(task, userfaultfd.zeropage(task, start, length, mode));
    }

    @Override
    public long move(Task task, long destination, long source, long length, int mode) {
        enter(task, "ioctl(UFFDIO_MOVE)");
        return leave(task, userfaultfd.move(task, destination, source, length, mode));
    }

    @Override
    public long writeProtect(Task task, long start, long length, int mode) {
        enter(task, "ioctl(UFFDIO_WRITEPROTECT)");
        return leave(task, userfaultfd.writeProtect(task, start, length, mode));
    }

    @Override
    public long wake(Task task, long start, long length) {
        enter(task, "ioctl(UFFDIO_WAKE)");
        return leave(task, userfaultfd.wakeRange(task, start, length));
    }

    @Override
    public long read(Task task) {
        enter(task, "read(userfaultfd)");
        return leave(task, userfaultfd.read(task));
    }

    @Override
    public void close(Task task) {
        task.charge(entryNs);
        userfaultfd.close(task);
        task.settle();
    }

    private void enter(Task task, String call) {
        task.inSystemCall(call);
        task.enterKernel(call);
        task.charge(entryNs);
    }

    private static long leave(Task task, long result) {
        task.settle();
        task.inSystemCall(null);
        task.returnToUserMode();
        return result;
    }
}
