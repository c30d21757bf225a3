package io.janklab.workloads.recording.replay;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.syscall.Syscalls;
import org.jspecify.annotations.Nullable;

/// An address space of the replay: what a process began with, a fork's copy of it, or what an `execve` made.
final class Image {
    private final AddressSpace space;
    private final KernelSyscalls syscalls;
    private final ReplayPlacement placement;
    /// The initial break; −1 until it is first read.
    private long firstBreak = -1;
    /// Threads that are in it.
    private int users;

    Image(AddressSpace space) {
        this(space, new ReplayPlacement());
    }

    private Image(AddressSpace space, ReplayPlacement placement) {
        this.space = space;
        this.syscalls = new KernelSyscalls(space);
        this.placement = placement;
    }

    /// `fork` by `task`; null if memory ran out.
    @Nullable Image fork(Task task, int childTgid, String childName) {
        AddressSpace copy = space.fork(task, childTgid, childName);
        if (copy == null) {
            return null;
        }
        Image child = new Image(copy, placement.copy());
        child.firstBreak = firstBreak;
        return child;
    }

    void enter() {
        users++;
    }

    /// The last thread takes it down.
    void leave(Task task) {
        if (--users == 0) {
            space.exit(task);
        }
    }

    /// Exits at once, as a child that does nothing.
    void leaveAtOnce(Task task) {
        space.exit(task);
    }

    AddressSpace space() {
        return space;
    }

    Syscalls syscalls() {
        return syscalls;
    }

    /// Where recorded memory lies in it.
    ReplayPlacement placement() {
        return placement;
    }

    long firstBreak(Task task) {
        firstBreak = firstBreak < 0 ? space.brk(task, 0) : firstBreak;
        return firstBreak;
    }
}
