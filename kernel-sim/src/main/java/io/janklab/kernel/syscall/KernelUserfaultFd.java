package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.uffd.Userfaultfd;

/// Enters the kernel for each operation on a userfaultfd.
final class KernelUserfaultFd implements UserfaultFd {
    private final Userfaultfd userfaultfd;
    private final SystemCallGate gate;

    KernelUserfaultFd(Userfaultfd userfaultfd, SystemCallGate gate) {
        this.userfaultfd = userfaultfd;
        this.gate = gate;
    }

    @Override
    public long register(Task task, long start, long length, int modes) {
        gate.enter(task, "ioctl(UFFDIO_REGISTER)");
        return gate.leave(task, userfaultfd.register(task, start, length, modes));
    }

    @Override
    public long unregister(Task task, long start, long length) {
        gate.enter(task, "ioctl(UFFDIO_UNREGISTER)");
        return gate.leave(task, userfaultfd.unregister(task, start, length));
    }

    @Override
    public long copy(Task task, long destination, long source, long length, long mode) {
        gate.enter(task, "ioctl(UFFDIO_COPY)");
        return gate.leave(task, userfaultfd.copy(task, destination, source, length, mode));
    }

    @Override
    public long zeropage(Task task, long start, long length, long mode) {
        gate.enter(task, "ioctl(UFFDIO_ZEROPAGE)");
        return gate.leave(task, userfaultfd.zeropage(task, start, length, mode));
    }

    @Override
    public long move(Task task, long destination, long source, long length, int mode) {
        gate.enter(task, "ioctl(UFFDIO_MOVE)");
        return gate.leave(task, userfaultfd.move(task, destination, source, length, mode));
    }

    @Override
    public long writeProtect(Task task, long start, long length, int mode) {
        gate.enter(task, "ioctl(UFFDIO_WRITEPROTECT)");
        return gate.leave(task, userfaultfd.writeProtect(task, start, length, mode));
    }

    @Override
    public long poison(Task task, long start, long length, long mode) {
        gate.enter(task, "ioctl(UFFDIO_POISON)");
        return gate.leave(task, userfaultfd.poison(task, start, length, mode));
    }

    @Override
    public long continueWith(Task task, long start, long length, long mode) {
        gate.enter(task, "ioctl(UFFDIO_CONTINUE)");
        return gate.leave(task, userfaultfd.continueWith(task, start, length, mode));
    }

    @Override
    public long wake(Task task, long start, long length) {
        gate.enter(task, "ioctl(UFFDIO_WAKE)");
        return gate.leave(task, userfaultfd.wakeRange(task, start, length));
    }

    @Override
    public long read(Task task) {
        gate.enter(task, "read(userfaultfd)");
        return gate.leave(task, userfaultfd.read(task));
    }

    @Override
    public void close(Task task) {
        gate.charge(task);
        userfaultfd.close(task);
        task.settle();
    }
}
