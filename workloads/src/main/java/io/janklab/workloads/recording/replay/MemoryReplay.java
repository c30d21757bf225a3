package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostMeter;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.rebuild.CallName;
import io.janklab.workloads.recording.workload.Beside;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.Usual;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The memory operations of one thread: calls and faults, in its current address space.
final class MemoryReplay {
    private static final int MAP_TYPE = 0xf;
    /// `mman-common.h`: with it MAP_POPULATE populates nothing.
    private static final int MAP_NONBLOCK = 0x10000;
    private static final int PLACING = Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE;
    private static final int WHOLE = 1000;
    private static final long PAGE = 4096;
    /// Of memory whose pages are freed together, before a `cond_resched()`.
    private static final long BATCH_BYTES = 512 * PAGE;

    /// Other processes take the core for `length` ns, `share` thousandths into the call that follows.
    ///
    /// @param how as in an [Op#LOSES_CORE]
    private record Loss(long share, long length, long how) {}

    private final ReplayState replay;
    private final int thread;
    private final ObservedFigures figures;
    private final List<Loss> losses = new ArrayList<>();
    /// Null once the thread has exited.
    private @Nullable Image image;
    /// How long the call that follows took in the recording (ns); −1 if it was disturbed there.
    private long took = -1;
    /// Whether other threads of its process had cores meanwhile.
    private Beside beside = Beside.NO;
    /// How many calls there have been of which that is known.
    private int undisturbed;
    private final CostMeter meter = new CostMeter();
    /// The error with which it failed; 0 if it did not.
    private long failing;

    /// @param thread its index
    MemoryReplay(ReplayState replay, int thread, Image image) {
        this.replay = replay;
        this.thread = thread;
        this.figures = replay.figures;
        this.image = image;
        image.enter();
    }

    @Nullable Image image() {
        return image;
    }

    /// The image of a thread that has not exited.
    private Image here() {
        return Objects.requireNonNull(image);
    }

    void exec(Task task, Image next) {
        next.enter();
        here().leave(task);
        image = next;
    }

    void exit(Task task) {
        timed(task, ObservedFigures.EXIT, 0, () -> {
            here().leave(task);
            return 0;
        });
        image = null;
    }

    /// For a child of `tgid`.
    Image fork(Task task, int childTgid, String childName) {
        Image[] child = new Image[1];
        timed(task, ObservedFigures.FORK, 0, () -> {
            task.inSystemCall("fork");
            child[0] = here().fork(task, childTgid, childName);
            task.inSystemCall(null);
            task.returnToUserMode();
            return 0;
        });
        return child[0];
    }

    /// Traps again, whatever the page table has by now: with another thread's fault on the same page, or with fault-around on files, it may
    /// be there already, and then the kernel finds nothing to do.
    void touch(Task task, long recordedAddress, long how) {
        if (image == null) {
            return;
        }
        long address = image.placement().of(recordedAddress);
        Vma vma = address < 0 || address >= 1L << 47 ? null : image.space().mm().vmas().find(address);
        figures.faults++;
        if (vma == null || !vma.contains(address)) {
            figures.strayTouches++;
        } else if (image.space().mm().pageTable().translate(address, (how & Op.WRITES) != 0) != 0) {
            figures.presentTouches++;
        }
        boolean inKernel = (how & Op.IN_KERNEL) != 0;
        if (!losses.isEmpty()) {
            holdWithoutCore(task);
        }
        FaultResult result = image.space().fault(task, address, (how & Op.WRITES) != 0, !inKernel);
        if (!inKernel) {
            task.returnToUserMode();
        }
        figures.refusedTouches += result == FaultResult.HANDLED ? 0 : 1;
    }

    /// In the recorded fault the thread had mmap_lock while others had its core: because the VMA lock was taken, or the kernel has none for
    /// that fault. Whether this one would need it depends on who meets whom; it has it for as long all the same.
    private void holdWithoutCore(Task task) {
        task.settle();
        long length = losses.stream().mapToLong(Loss::length).sum();
        losses.clear();
        if (length > 0) {
            RwSemaphore lock = here().space().mm().mmapLock();
            lock.downRead(task);
            task.cpu().loseTime(0, length);
            task.compute(1);
            task.settle();
            lock.upRead(task);
        }
    }

    void call(Task task, Op op, Ops.Reader ops) {
        long a = ops.operand(0);
        long b = ops.operand(1);
        long c = ops.operand(2);
        switch (op) {
            case FAULT_LOSES_CORE -> losesCore(task, 0, a, b, (int) c, ops.operand(3));
            case LOSES_CORE -> losesCore(task, a, b, c, (int) ops.operand(3), ops.operand(4));
            case FAILING -> failing = a;
            case TOOK -> {
                took = a;
                beside = Beside.of(b);
            }
            case FORK -> fork(task, 0, "child").leaveAtOnce(task);
            case MMAP -> mmap(task, a, b, (int) c, (int) ops.operand(3), ops.operand(4) != 0);
            case MUNMAP -> munmap(task, a, b);
            case MPROTECT -> timed(task, "mprotect", b, () -> here().syscalls().mprotect(task, at(a), b, (int) c));
            case MADVISE -> timed(task, CallName.madvise(c), b, () -> here().syscalls().madvise(task, at(a), b, (int) c));
            case MREMAP -> mremap(task, a, b, c, (int) ops.operand(3), ops.operand(4));
            case BRK -> brk(task, a, b);
            case MLOCK -> mlock(task, a, b, (int) c, ops.operand(3) != 0);
            case MLOCK_ALL -> timed(task, "mlockall", 0, () -> here().syscalls().mlockall(task, (int) a));
            case MUNLOCK_ALL -> timed(task, "munlockall", 0, () -> here().syscalls().munlockall(task));
            case MUNLOCK -> timed(task, "munlock", b, () -> here().syscalls().munlock(task, at(a), b));
            case MINCORE -> timed(task, "mincore", b, () -> here().syscalls().mincore(task, at(a), b, new byte[pages(b)]));
            case SET_NAME -> timed(task, "prctl", 0, () -> here().syscalls().setAnonName(task, at(a), b, "recorded"));
            case OTHER_CALL -> timed(task, replay.workload.names.get((int) a), 0, () -> {
                task.compute(b);
                return 0;
            });
            default -> throw new IllegalStateException("no such op: " + op);
        }
    }

    private void losesCore(Task task, long share, long since, long until, int core, long how) {
        task.settle();
        replay.others.keepOtherCores(task, since, until, core);
        losses.add(new Loss(share, replay.others.keep(since, until, core), how));
    }

    private long at(long recorded) {
        return here().placement().of(recorded);
    }

    private static int pages(long bytes) {
        return Math.clamp((bytes + PAGE - 1) / PAGE, 0, 1 << 20);
    }

    private void mmap(Task task, long recordedAddress, long length, int protection, int recordedFlags, boolean file) {
        boolean fixed = (recordedFlags & Mman.MAP_FIXED) != 0;
        long wanted = fixed ? at(recordedAddress) : recordedAddress;
        boolean isFree = !fixed && failing == 0 && here().space().mm().vmas().findIntersection(wanted, wanted + length) == null;
        int flags = typeOf(recordedFlags, file) | keptOf(recordedFlags) | (file ? 0 : Mman.MAP_ANONYMOUS)
                | (isFree ? Mman.MAP_FIXED_NOREPLACE : 0);
        long hint = fixed || isFree || failing != 0 ? wanted : 0;
        boolean opens = file && failing == 0;
        long error = failing;
        long address = timed(task, "mmap", length, () -> opens
                ? here().syscalls().mmap(task, hint, length, protection, flags, replay.file(length), 0)
                : here().syscalls().mmap(task, hint, length, protection, flags));
        if (error != 0 && address > 0) {
            figures.unexpected++;
            here().space().munmap(task, address, length);
        } else if (address > 0) {
            here().placement().put(recordedAddress, length, address);
        }
    }

    /// Shared anonymous memory has no file here: it is private. A type that is none stays what it is.
    private static int typeOf(int recordedFlags, boolean file) {
        int type = recordedFlags & MAP_TYPE;
        return type == Mman.MAP_SHARED && !file ? Mman.MAP_PRIVATE : type;
    }

    private static int keptOf(int recordedFlags) {
        int populate = (recordedFlags & MAP_NONBLOCK) == 0 ? Mman.MAP_POPULATE : 0;
        return recordedFlags & (PLACING | Mman.MAP_NORESERVE | Mman.MAP_GROWSDOWN | Mman.MAP_LOCKED | populate);
    }

    /// As soon as the kernel has unmapped it, other threads may be given the same place, before this call returns: what is known of the
    /// place from then on is theirs.
    private void munmap(Task task, long recordedAddress, long length) {
        long address = at(recordedAddress);
        if (failing == 0) {
            here().placement().forget(recordedAddress, recordedAddress + length);
        }
        timed(task, "munmap", length, () -> here().syscalls().munmap(task, address, length));
    }

    private void mlock(Task task, long address, long length, int flags, boolean isMlock2) {
        timed(task, isMlock2 ? "mlock2" : "mlock", length, () -> isMlock2
                ? here().syscalls().mlock2(task, at(address), length, flags)
                : here().syscalls().mlock(task, at(address), length));
    }

    private void mremap(Task task, long from, long oldLength, long newLength, int flags, long recordedTo) {
        int kept = flags & (Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP);
        boolean failed = failing != 0;
        long address = timed(task, "mremap", oldLength,
                () -> here().syscalls().mremap(task, at(from), oldLength, newLength, failed ? flags : kept, 0));
        if (failed) {
            figures.unexpected += address > 0 ? 1 : 0;
            return;
        }
        if (address > 0) {
            here().placement().forget(from, from + oldLength);
            here().placement().put(recordedTo, newLength, address);
        }
    }

    /// The simulated process has its break somewhere else.
    private void brk(Task task, long recordedBreak, long recordedFirst) {
        long first = here().firstBreak(task);
        long wanted = first + recordedBreak - recordedFirst;
        timed(task, "brk", 0, () -> here().syscalls().brk(task, wanted));
        here().placement().put(recordedFirst, Math.max(0, recordedBreak - recordedFirst + PAGE - 1 & -PAGE), first);
    }

    /// Makes a call, which may lose its core, or be held up, on the way.
    ///
    /// @param length of the memory it works on, or 0
    private long timed(Task task, String what, long length, LongSupplier call) {
        task.settle();
        long began = task.now();
        Usual usual = replay.usual.computeIfAbsent(Usual.kind(what, length), kind -> new Usual());
        int number = took >= 0 ? undisturbed++ : -1;
        long heldUp = number < 0 ? 0 : replay.ownTimes.delayNs(thread, number);
        double scale = number < 0 ? 1 : replay.ownTimes.scale(thread, number);
        boolean isUndisturbed = losses.isEmpty() && heldUp == 0;
        long cold = task.coldEntriesNs();
        if (replay.isComparing() || scale != 1) {
            meter.reset(scale);
            task.meter(meter);
        }
        replay.progress.begin(task);
        if (!isUndisturbed) {
            disturb(task, usual.ns(), length, heldUp);
        }
        long result = call.getAsLong();
        task.settle();
        boolean isLate = replay.progress.hasPending(task);
        long ran = replay.progress.end(task);
        if (isLate) {
            // What was to befall it in the call does so now, and still counts as its time.
            task.compute(1);
            task.settle();
        }
        if (isUndisturbed) {
            usual.add(ran);
            figures.undisturbed(what, length, task.name(), task.now() - began);
        }
        figures.latencies.add(what, task.name(), task.now() - began);
        task.meter(null);
        if (took >= 0 && replay.isComparing()) {
            meter.add(Cost.KERNEL_COLD, task.coldEntriesNs() - cold);
            replay.compared(thread, CallWork.of(what, meter), took, beside);
        }
        took = -1;
        failing = 0;
        return result;
    }

    private void disturb(Task task, long usualNs, long length, long heldUp) {
        if (heldUp > 0) {
            Runnable lose = () -> task.cpu().loseTime(0, heldUp);
            replay.progress.befall(task, usualNs / 2, CallProgress.When.ANYWAY, lose, lose);
        }
        for (Loss loss : losses) {
            if (loss.length > 0) {
                Runnable take = () -> replay.others.take(task, loss.length);
                CallProgress.When when = CallProgress.When.of(loss.how);
                replay.progress.befall(task, asksAt(loss, usualNs, length), when, take,
                        when == CallProgress.When.GRANTED_LOCK ? () -> task.cpu().loseTime(0, loss.length) : take);
            }
        }
        losses.clear();
    }

    /// How far into the call the others must ask for the core to get it where they got it. A kernel that yields at `cond_resched()` only
    /// does so after each batch of pages: they must have asked before.
    private long asksAt(Loss loss, long usualNs, long length) {
        long at = loss.share * usualNs / WHOLE;
        return replay.isPreemptible ? at : Math.max(0, at - usualNs * BATCH_BYTES / Math.max(BATCH_BYTES, length));
    }
}
