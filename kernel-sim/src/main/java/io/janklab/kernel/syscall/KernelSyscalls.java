package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.binder.BinderAlloc;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// The system calls of one process: enters the kernel and calls its address space.
public final class KernelSyscalls implements Syscalls {
    private final AddressSpace space;
    private final ProcessMemory memory;
    private final SystemCallGate gate;

    public KernelSyscalls(AddressSpace space) {
        this.space = space;
        this.memory = new ProcessMemory(space);
        this.gate = new SystemCallGate(space.mm().memory().costs());
    }

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags) {
        gate.enter(task, "mmap");
        return gate.leave(task, space.mmap(task, address, length, protection, flags));
    }

    @Override
    public long mmap(Task task, long address, long length, int protection, int flags, @Nullable VirtualFile file, long offset) {
        gate.enter(task, "mmap");
        return gate.leave(task, space.mmap(task, address, length, protection, flags, file, offset));
    }

    @Override
    public long munmap(Task task, long address, long length) {
        gate.enter(task, "munmap");
        return gate.leave(task, space.munmap(task, address, length));
    }

    @Override
    public long mprotect(Task task, long address, long length, int protection) {
        gate.enter(task, "mprotect");
        return gate.leave(task, space.mprotect(task, address, length, protection));
    }

    @Override
    public long madvise(Task task, long address, long length, int advice) {
        gate.enter(task, "madvise");
        return gate.leave(task, space.madvise(task, address, length, advice));
    }

    @Override
    public long setAnonName(Task task, long address, long length, @Nullable String name) {
        gate.enter(task, "prctl(PR_SET_VMA)");
        return gate.leave(task, space.setAnonName(task, address, length, name));
    }

    @Override
    public long processMadvise(Task task, int pid, long[] starts, long[] lengths, int advice, int flags) {
        gate.enter(task, "process_madvise");
        return gate.leave(task, space.processMadvise(task, space.all().of(pid), starts, lengths, advice, flags));
    }

    @Override
    public long mremap(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        gate.enter(task, "mremap");
        return gate.leave(task, space.mremap(task, address, oldLength, newLength, flags, newAddress));
    }

    @Override
    public long brk(Task task, long wanted) {
        gate.enter(task, "brk");
        return gate.leave(task, space.brk(task, wanted));
    }

    @Override
    public long mlock(Task task, long address, long length) {
        gate.enter(task, "mlock");
        return gate.leave(task, space.mlock(task, address, length));
    }

    @Override
    public long mlock2(Task task, long address, long length, int flags) {
        gate.enter(task, "mlock2");
        return gate.leave(task, space.mlock2(task, address, length, flags));
    }

    @Override
    public long mlockall(Task task, int flags) {
        gate.enter(task, "mlockall");
        return gate.leave(task, space.mlockall(task, flags));
    }

    @Override
    public long munlockall(Task task) {
        gate.enter(task, "munlockall");
        return gate.leave(task, space.munlockall(task));
    }

    @Override
    public long munlock(Task task, long address, long length) {
        gate.enter(task, "munlock");
        return gate.leave(task, space.munlock(task, address, length));
    }

    @Override
    public long mincore(Task task, long address, long length, byte[] resident) {
        gate.enter(task, "mincore");
        return gate.leave(task, space.mincore(task, address, length, resident));
    }

    @Override
    public long mseal(Task task, long address, long length, long flags) {
        gate.enter(task, "mseal");
        return gate.leave(task, space.mseal(task, address, length, flags));
    }

    @Override
    public @Nullable ProcFd openMaps(Task task, int pid) {
        gate.charge(task);
        AddressSpace target = space.all().of(pid);
        return target == null ? null : new ProcFd(target.openMaps(), space.mm().memory().costs());
    }

    @Override
    public @Nullable ProcFd openSmaps(Task task, int pid) {
        gate.charge(task);
        AddressSpace target = space.all().of(pid);
        return target == null ? null : new ProcFd(target.openSmaps(), space.mm().memory().costs());
    }

    @Override
    public @Nullable ProcFd openNumaMaps(Task task, int pid) {
        gate.charge(task);
        AddressSpace target = space.all().of(pid);
        return target == null ? null : new ProcFd(target.openNumaMaps(), space.mm().memory().costs());
    }

    @Override
    public long copyToUser(Task task, long address, long length) {
        gate.enter(task, "copy_to_user");
        return gate.leave(task, copy(task, address, length, true));
    }

    @Override
    public long copyFromUser(Task task, long address, long length) {
        gate.enter(task, "copy_from_user");
        return gate.leave(task, copy(task, address, length, false));
    }

    /// `access_ok` comes first.
    private long copy(Task task, long address, long length, boolean toUser) {
        if (length < 0 || address < 0 || address > AddressSpace.TASK_SIZE - length) {
            return -Errno.EFAULT;
        }
        return memory.copy(task, address, length, toUser);
    }

    @Override
    public @Nullable BinderFd openBinder(Task task, long length) {
        gate.enter(task, "mmap");
        BinderAlloc buffers = space.openBinder(task, length);
        gate.leave(task, 0);
        return buffers == null ? null : new BinderFd(buffers, space.mm().memory().tracepoints(), space.mm().tgid(), gate);
    }

    @Override
    public UserfaultFd userfaultfd(Task task, int features) {
        gate.charge(task);
        task.settle();
        return new KernelUserfaultFd(space.userfaultfd(features), gate);
    }

    @Override
    public void onSigbus(SigbusHandler handler) {
        memory.onSigbus(handler);
    }

    @Override
    public long processVmReadv(Task task, int tgid, long address, long length) {
        gate.enter(task, "process_vm_readv");
        return gate.leave(task, space.all().remoteAccess().processVmReadv(task, tgid, address, length));
    }

    @Override
    public long readProcMem(Task task, int tgid, long address, long length) {
        gate.enter(task, "read(/proc/PID/mem)");
        return gate.leave(task, space.all().remoteAccess().readProcMem(task, tgid, address, length));
    }

    @Override
    public long readCmdline(Task task, int tgid) {
        gate.enter(task, "read(/proc/PID/cmdline)");
        return gate.leave(task, space.all().remoteAccess().readCmdline(task, tgid));
    }

    @Override
    public ProcessMemory memory() {
        return memory;
    }

    @Override
    public PthreadMutex newMutex(String name) {
        return new FutexMutex(space.mm().memory().tracepoints(), space.mm().memory().costs(), name);
    }
}
