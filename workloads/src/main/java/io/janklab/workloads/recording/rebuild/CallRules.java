package io.janklab.workloads.recording.rebuild;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.MmCalls;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.event.UffdCalls;
import io.janklab.workloads.recording.workload.Beside;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// System calls: those of mm are made again, failed ones too, and the time in them is dropped; the time in others is work.
final class CallRules {
    private static final long PR_SET_VMA = 0x53564d41;
    private static final long MOST_ERRNO = 4_095;
    private static final int WHOLE = 1000;

    private final Ledger ledger;
    private final RecordedThreads threads;
    private final FaultRules faults;
    private final @Nullable String operation;

    /// @param operation a call whose latency is asked for; null for none
    CallRules(Ledger ledger, RecordedThreads threads, FaultRules faults, @Nullable String operation) {
        this.ledger = ledger;
        this.threads = threads;
        this.faults = faults;
        this.operation = operation;
    }

    void enter(RecordedEvent.CallEnter e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.caused(track);
        ledger.flush(track);
        track.beginCall(e.call(), e.arguments(), ledger.now(), isOfMm(e));
        if (track.isMmCall) {
            track.callBeganBeside = ledger.onCores.isBeside(track, ledger.now());
            ledger.workload.hasCalls = true;
            ledger.workload.process(track.thread.tgid).mmEvents++;
        } else {
            if (isOperation(e.call())) {
                beginOperation(track);
            }
            if (e.call().startsWith("execve")) {
                faults.beginExec(track);
            }
        }
    }

    private boolean isOperation(String call) {
        return operation != null && (operation.equals(call) || operation.equals("sys_" + call));
    }

    /// From here on the replay's time is the operation's, until [#endOperation].
    private void beginOperation(ThreadTrack track) {
        ledger.op(track, Op.SLICE_BEGIN, ledger.workload.number(Objects.requireNonNull(operation)), 0);
        track.inOperation = true;
    }

    private void endOperation(ThreadTrack track) {
        if (track.inOperation) {
            ledger.op(track, Op.SLICE_END, 0);
            track.inOperation = false;
        }
    }

    private static boolean isOfMm(RecordedEvent.CallEnter e) {
        return switch (e.call()) {
            case "ioctl" -> UffdCalls.name(e.arguments()) != null;
            case "userfaultfd" -> false;
            case "prctl" -> e.arguments().length > 0 && e.arguments()[0] == PR_SET_VMA;
            default -> MmCalls.isOne(e.call());
        };
    }

    void exit(RecordedEvent.CallExit e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.acts(track);
        if (!e.call().equals(track.call) || track.arguments == null) {
            track.call = null;
            endOperation(track);
            return;
        }
        long took = ledger.now() - track.callBegan - (long) track.callEvents * ledger.eventCost();
        if (track.isMmCall) {
            track.isMmCall = false;
            ledger.traced(track);
            if (isOperation(e.call())) {
                beginOperation(track);
                operationTook(track, took);
            }
            ofMm(track, track.arguments, e, took);
        } else {
            ledger.traced(track);
            faults.endExec(track);
            if (track.inOperation) {
                operationTook(track, ledger.now() - track.callBegan);
            }
        }
        endOperation(track);
        track.endCall();
    }

    private void operationTook(ThreadTrack track, long took) {
        ledger.workload.figuresOf(track.thread.tgid).latencies.add(ObservedFigures.operation(Objects.requireNonNull(operation)),
                track.thread.name, took);
    }

    private void ofMm(ThreadTrack track, long[] arguments, RecordedEvent.CallExit e, long took) {
        ObservedFigures figures = ledger.workload.figuresOf(track.thread.tgid);
        String what = CallName.of(e.call(), arguments);
        figures.latencies.add(what, track.thread.name, took);
        boolean beside = ledger.onCores.isBeside(track, ledger.now());
        if (!track.callDisturbed) {
            figures.undisturbed(what, at(arguments, 1), track.thread.name, took);
            Beside all = beside != track.callBeganBeside ? Beside.IN_PART : beside ? Beside.YES : Beside.NO;
            ledger.op(track, Op.TOOK, Math.max(0, took), all.code());
        } else if (!track.callContended) {
            ledger.op(track, Op.TOOK, Math.max(0, track.callRan - (long) track.callEvents * ledger.eventCost()),
                    Beside.IN_PART.code());
        }
        long ran = Math.max(1, track.callRan);
        track.withoutCore.forEach(lost ->
                ledger.op(track, Op.LOSES_CORE, lost.ran() * WHOLE / ran, lost.since(), lost.until(), lost.cpu(), lost.how()));
        if (e.result() < 0 && e.result() >= -MOST_ERRNO) {
            ledger.gap("calls that failed, and are made again", 1);
            failed(track, e.call(), arguments, e.result());
        } else {
            succeeded(track, e.call(), arguments, e.result());
        }
    }

    private static long at(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    private static long pages(long bytes) {
        return bytes + AddressMap.PAGE - 1 & -AddressMap.PAGE;
    }

    private static long flags(long[] a) {
        return at(a, 3) & 0xffff_ffffL;
    }

    private static long isOfFile(long[] a) {
        return (at(a, 3) & Mman.MAP_ANONYMOUS) == 0 ? 1 : 0;
    }

    /// The call as it is made again, and what that means for the address space.
    private void succeeded(ThreadTrack track, String call, long[] a, long result) {
        AddressMap map = threads.map(track);
        int self = track.thread.index;
        long start = at(a, 0);
        long end = start + pages(at(a, 1));
        switch (call) {
            case "mmap" -> {
                faults.needFreers(track, result, result + pages(at(a, 1)));
                ledger.op(track, Op.MMAP, result, pages(at(a, 1)), at(a, 2), flags(a), isOfFile(a));
                map.map(result, result + pages(at(a, 1)), self, track.thread.ops.count());
            }
            case "munmap" -> {
                faults.needUsers(track, start, end);
                ledger.op(track, Op.MUNMAP, start, end - start);
                // While it still zaps the pages, under mmap_lock for reading, others may ask for the address.
                map.free(start, end, self, track.thread.ops.count() - 1);
            }
            case "mprotect", "pkey_mprotect" -> {
                ledger.op(track, Op.MPROTECT, start, end - start, at(a, 2));
                if (map.find(start) != null) {
                    map.map(start, end, self, track.thread.ops.count());
                }
            }
            case "mremap" -> {
                faults.needUsers(track, start, end);
                ledger.op(track, Op.MREMAP, start, at(a, 1), at(a, 2), at(a, 3), result);
                map.unmap(start, end);
                map.map(result, result + pages(at(a, 2)), self, track.thread.ops.count());
            }
            case "brk" -> brk(track, map, result);
            default -> simple(track, call, a);
        }
    }

    /// A call that failed is made again as it was: the simulated kernel has the same reasons to refuse it. What it may not know of, such as
    /// a file that was not open, [Op#FAILING] tells.
    private void failed(ThreadTrack track, String call, long[] a, long result) {
        switch (call) {
            case "mmap" -> {
                ledger.op(track, Op.FAILING, -result);
                ledger.op(track, Op.MMAP, at(a, 0), at(a, 1), at(a, 2), flags(a), isOfFile(a));
            }
            case "mremap" -> {
                ledger.op(track, Op.FAILING, -result);
                ledger.op(track, Op.MREMAP, at(a, 0), at(a, 1), at(a, 2), at(a, 3), 0);
            }
            case "munmap" -> {
                ledger.op(track, Op.FAILING, -result);
                ledger.op(track, Op.MUNMAP, at(a, 0), at(a, 1));
            }
            case "mprotect", "pkey_mprotect" -> ledger.op(track, Op.MPROTECT, at(a, 0), at(a, 1), at(a, 2));
            default -> simple(track, call, a);
        }
    }

    /// One that moves no mapping.
    private void simple(ThreadTrack track, String call, long[] a) {
        switch (call) {
            case "madvise" -> ledger.op(track, Op.MADVISE, at(a, 0), at(a, 1), at(a, 2));
            case "mlock" -> ledger.op(track, Op.MLOCK, at(a, 0), at(a, 1), 0, 0);
            case "mlock2" -> ledger.op(track, Op.MLOCK, at(a, 0), at(a, 1), at(a, 2), 1);
            case "mlockall" -> ledger.op(track, Op.MLOCK_ALL, at(a, 0));
            case "munlockall" -> ledger.op(track, Op.MUNLOCK_ALL);
            case "munlock" -> ledger.op(track, Op.MUNLOCK, at(a, 0), at(a, 1));
            case "mincore" -> ledger.op(track, Op.MINCORE, at(a, 0), at(a, 1));
            case "prctl" -> ledger.op(track, Op.SET_NAME, at(a, 2), at(a, 3));
            default -> {
                long own = track.callRan - (long) track.callEvents * ledger.eventCost();
                ledger.op(track, Op.OTHER_CALL, ledger.workload.number(CallName.of(call, a)), Math.max(0, own));
                ledger.gap("calls that only take as long again as they took", 1);
            }
        }
    }

    private void brk(ThreadTrack track, AddressMap map, long result) {
        long first = map.firstBreak(result);
        // One that only asks, or is refused, leaves the break where it is, and so does its replay.
        ledger.op(track, Op.BRK, result, first);
        if (result > first) {
            map.map(first & -AddressMap.PAGE, pages(result), track.thread.index, track.thread.ops.count());
        }
    }
}
