package io.janklab.kernel.syscall;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.Mm;
import io.janklab.kernel.mm.VirtualFile;
import io.janklab.kernel.uapi.Errno;

/// The system calls of one process: enters the kernel, and asks its address space.
public final class KernelSyscalls implements Syscalls {
    private final Mm mm;
    private final ProcessMemory memory;
    private final long entryNs;

    public KernelSyscalls(Mm mm) {
        this.mm = mm;
        this.memory = new ProcessMemory(mm);
        this.entryNs = mm.memory().costs().ns(Cost.SYSCALL);
    }

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags) {
        enter(task, "mmap");
        return leave(task, mm.mmap(task, address, length, protection, flags));
    }

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags, VirtualFile file, long offset) {
        enter(task, "mmap");
        return leave(task, mm.mmap(task, address, length, protection, flags, file, offset));
    }

    @Override
    public long munmap(Task task, long address, long length) {
        enter(task, "munmap");
        return leave(task, mm.munmap(task, address, length));
    }

    @Override
    public long mprotect(Task task, long address, long length, int protection) {
        enter(task, "mprotect");
        return leave(task, mm.mprotect(task, address, length, protection));
    }

    @Override
    public long madvise(Task task, long address, long length, int advice) {
        enter(task, "madvise");
        return leave(task, mm.madvise(task, address, length, advice));
    }

    @Override
    public long setAnonName(Task task, long address, long length, String name) {
        enter(task, "prctl(PR_SET_VMA)");
        return leave(task, mm.setAnonName(task, address, length, name));
    }

    @Override
    public long processMadvise(Task task, int pid, long[] starts, long[] lengths, int advice, int flags) {
        enter(task, "process_madvise");
        return leave(task, mm.processMadvise(task, mm.memory().mmOf(pid), starts, lengths, advice, flags));
    }

    @Override
    public long mremap(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        enter(task, "mremap");
        return leave(task, mm.mremap(task, address, oldLength, newLength, flags, newAddress));
    }

    @Override
    public long brk(Task task, long wanted) {
        enter(task, "brk");
        return leave(task, mm.brk(task, wanted));
    }

    @Override
    public long mlock(Task task, long address, long length) {
        enter(task, "mlock");
        return leave(task, mm.mlock(task, address, length));
    }

    @Override
    public long munlock(Task task, long address, long length) {
        enter(task, "munlock");
        return leave(task, mm.munlock(task, address, length));
    }

    @Override
    public long mincore(Task task, long address, long length, byte[] resident) {
        enter(task, "mincore");
        return leave(task, mm.mincore(task, address, length, resident));
    }

    @Override
    public long mseal(Task task, long address, long length, long flags) {
        enter(task, "mseal");
        return leave(task, mm.mseal(task, address, length, flags));
    }

    @Override
    public ProcFd openMaps(Task task, int pid) {
        enter(task);
        Mm target = mm.memory().mmOf(pid);
        return target == null ? null : new ProcFd(target.openMaps(), mm.memory().costs());
    }

    @Override
    public ProcFd openSmaps(Task task, int pid) {
        enter(task);
        Mm target = mm.memory().mmOf(pid);
        return target == null ? null : new ProcFd(target.openSmaps(), mm.memory().costs());
    }

    @Override
    public long copyToUser(Task task, long address, long length) {
        enter(task, "copy_to_user");
        return leave(task, copy(task, address, length, true));
    }

    @Override
    public long copyFromUser(Task task, long address, long length) {
        enter(task, "copy_from_user");
        return leave(task, copy(task, address, length, false));
    }

    /// `access_ok` comes first.
    private long copy(Task task, long address, long length, boolean toUser) {
        if (length < 0 || address < 0 || address > Mm.TASK_SIZE - length) {
            return -Errno.EFAULT;
        }
        return memory.copy(task, address, length, toUser);
    }

    @Override
    public UserfaultFd userfaultfd(Task task, int features) {
        enter(task);
        task.settle();
        return new KernelUserfaultFd(mm.userfaultfd(features), entryNs);
    }

    @Override
    public void onSigbus(SigbusHandler handler) {
        memory.onSigbus(handler);
    }

    @Override
    public long processVmReadv(Task task, int tgid, long address, long length) {
        enter(task, "process_vm_readv");
        return leave(task, mm.memory().remoteAccess().processVmReadv(task, tgid, address, length));
    }

    @Override
    public long readCmdline(Task task, int tgid) {
        enter(task, "read(/proc/PID/cmdline)");
        return leave(task, mm.memory().remoteAccess().readCmdline(task, tgid));
    }

    private void enter(Task task, String call) {
        task.inSystemCall(call);
        task.enterKernel(call);
        enter(task);
    }

    private void enter(Task task) {
        task.charge(entryNs);
    }

    /// What a call has cost has passed when it returns; to a killed task it does not.
    private static long leave(Task task, long result) {
        task.settle();
        task.inSystemCall(null);
        task.returnToUserMode();
        return result;
    }

    @Override
    public ProcessMemory memory() {
        return memory;
    }

    @Override
    public PthreadMutex newMutex(String name) {
        return new FutexMutex(mm.memory().tracepoints(), mm.memory().costs(), name);
    }
}
