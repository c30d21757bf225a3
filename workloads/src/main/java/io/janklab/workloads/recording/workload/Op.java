package io.janklab.workloads.recording.workload;

/// What a thread does next, with its operands. Times in ns since the recording began, works and lengths of sleeps in ns, addresses as
/// recorded.
public enum Op {
    /// {work}
    COMPUTE(1),
    /// {address, 1 to write}: an access that took a page fault.
    TOUCH(2),
    /// {address, length, protection, flags, 1 for a file}: the address is the one it got.
    MMAP(5),
    /// {address, length}
    MUNMAP(2),
    /// {address, length, protection}
    MPROTECT(3),
    /// {address, length, advice}
    MADVISE(3),
    /// {old address, old length, new length, flags, new address}
    MREMAP(5),
    /// {where the break went, where it was}
    BRK(2),
    /// {address, length}
    MLOCK(2),
    /// {address, length}
    MUNLOCK(2),
    /// {address, length}: prctl(PR_SET_VMA).
    SET_NAME(2),
    /// An address space is copied.
    FORK(0),
    /// {length, end, [Sleep]}: nobody who was recorded ends it.
    SLEEP(3),
    /// {number, length, end, thread, [Sleep]}: until that thread has come to its [#SIGNAL] of that number; if it is not replayed, as that
    /// kind of sleep.
    AWAIT(5),
    /// {number}
    SIGNAL(1),
    /// {thread, ops}: until that thread has done so many ops: this one uses what that one has mapped.
    NEEDS(2),
    /// {thread}: which begins.
    SPAWN(1),
    /// {name, token}
    SLICE_BEGIN(2),
    /// Of the innermost slice; {token}.
    SLICE_END(1),
    /// {since, until, core}: it was runnable and had no core, for as long as others had the one on which it then went on.
    WITHOUT_CORE(3),
    /// {share, since, until, core}: the same in the middle of the call that follows, when so much of its own time had passed (of 1000).
    LOSES_CORE(4),
    /// {ns}: in the middle of the call that follows the core was somewhere else, as no event tells: with an interrupt, or the hypervisor.
    HELD_UP(1);

    private static final Op[] ALL = values();

    private final int operands;

    Op(int operands) {
        this.operands = operands;
    }

    /// How many operands it has.
    public int operands() {
        return operands;
    }

    static Op of(int code) {
        return ALL[code];
    }
}
