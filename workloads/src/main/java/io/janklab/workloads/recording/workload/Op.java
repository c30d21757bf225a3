package io.janklab.workloads.recording.workload;

/// The next operation of a thread, with its operands. Times in ns since the recording began, works and lengths of sleeps in ns, addresses
/// as recorded.
public enum Op {
    /// {work}
    COMPUTE(1),
    /// {address, [#WRITES] and [#IN_KERNEL]}: an access that took a page fault.
    TOUCH(2),
    /// {address, length, protection, flags, 1 for a file}: the address is the one it got, or the one it asked for if it is [#FAILING].
    MMAP(5),
    /// {address, length}
    MUNMAP(2),
    /// {address, length, protection}
    MPROTECT(3),
    /// {address, length, advice}
    MADVISE(3),
    /// {old address, old length, new length, flags, new address}
    MREMAP(5),
    /// {where the break went, where it was at first}
    BRK(2),
    /// {address, length, flags, 1 for mlock2}
    MLOCK(4),
    /// {flags}: mlockall.
    MLOCK_ALL(1),
    /// {}: munlockall.
    MUNLOCK_ALL(0),
    /// {address, length}
    MUNLOCK(2),
    /// {address, length}
    MINCORE(2),
    /// {address, length}: prctl(PR_SET_VMA).
    SET_NAME(2),
    /// {name, ns}: a call that the simulated kernel does not have takes so long.
    OTHER_CALL(2),
    /// {errno}: the call that follows fails so.
    FAILING(1),
    /// An address space is copied, for a child that is not recorded.
    FORK(0),
    /// {image of its process}: another program, in an address space of its own.
    EXEC(1),
    /// It has no address space any more.
    EXIT(0),
    /// {length, end, [Sleep]}: not ended by any recorded thread.
    SLEEP(3),
    /// {number, length, end, thread, [Sleep]}: until that thread has come to its [#SIGNAL] of that number; if it is not replayed, as that
    /// kind of sleep.
    AWAIT(5),
    /// {number}
    SIGNAL(1),
    /// {thread, ops}: until that thread has done that many ops: this one uses what that one has mapped.
    NEEDS(2),
    /// {thread, [Spawn]}: which begins.
    SPAWN(2),
    /// {name, token}
    SLICE_BEGIN(2),
    /// Of the innermost slice; {token}.
    SLICE_END(1),
    /// {since, until, core}: it was runnable and had no core, for as long as others had the one on which it then continued.
    WITHOUT_CORE(3),
    /// {share, since, until, core, [#UNDER_MMAP_LOCK], [#WOKEN_FOR_MMAP_LOCK] or [#GRANTED_MMAP_LOCK]}: the same in the middle of the call
    /// that follows, when `share` thousandths of its own time had passed.
    LOSES_CORE(5),
    /// {since, until, core, [#UNDER_MMAP_LOCK] or [#GRANTED_MMAP_LOCK]}: it lost its core in the page fault of the [#TOUCH] before it, with
    /// mmap_lock, or when it was to get it.
    FAULT_LOSES_CORE(4),
    /// {ns, code of [Beside]}: the call that follows, or the end of the thread, took so long on a core, and waited for no lock.
    TOOK(2),
    /// {ns}: recording it took so long: the cost of events. It is no part of what the thread does, and left out of predictions.
    TRACED(1);

    /// How a [#TOUCH] touches: it writes.
    public static final long WRITES = 1;
    /// In kernel mode: `copy_to_user` and the like.
    public static final long IN_KERNEL = 2;
    /// A [#LOSES_CORE]: it held mmap_lock.
    public static final long UNDER_MMAP_LOCK = 1;
    /// A [#LOSES_CORE]: it had asked for mmap_lock for writing, and had been woken to take it.
    public static final long WOKEN_FOR_MMAP_LOCK = 2;
    /// A [#LOSES_CORE]: it had asked for mmap_lock for reading, and had been woken: readers have the lock from then on, before they run.
    public static final long GRANTED_MMAP_LOCK = 3;

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
