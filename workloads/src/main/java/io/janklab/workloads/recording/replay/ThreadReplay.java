package io.janklab.workloads.recording.replay;

import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.recording.rebuild.CallName;
import io.janklab.workloads.recording.workload.Figures;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedFrame;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Sleep;
import io.janklab.workloads.recording.workload.Usual;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/// One recorded thread as a task.
///
/// Recorded work has the recorded kernel's switches, wake-ups and faults in it, which the simulated one puts in anew: what they cost is
/// owed, and taken off the work that follows.
final class ThreadReplay {
    /// How long after its time Linux may let a normal thread's timer end (`timer_slack_ns`); recorded ends are spread over it, and so are
    /// ours.
    private static final long TIMER_SLACK_NS = 50_000;
    private static final long MOST_OWED_NS = 20_000;
    /// Taken where the recording tells too little of its faults.
    private static final long USUAL_FAULT_NS = 700;
    private static final int MAP_TYPE = 0xf;
    private static final int WHOLE = 1000;

    private record Waiter(int ops, Task task) {}

    /// Others take the core for so long (ns), at so many thousandths of the call that follows.
    private record Loss(long share, long length) {}

    private final RecordingProgram program;
    private final RecordedThread recorded;
    private final Process process;
    private final Placement placement;
    private final RandomStream slack;
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    /// How long the call that follows is held up (ns).
    private long heldUp;
    private final Deque<Long> sliceBegins = new ArrayDeque<>();
    private final Deque<Integer> sliceNames = new ArrayDeque<>();
    private int done;
    private boolean isOver;
    private long owed;

    ThreadReplay(RecordingProgram program, RecordedThread recorded, Process process) {
        this.program = program;
        this.recorded = recorded;
        this.process = process;
        this.placement = program.placements.get(recorded.tgid);
        this.slack = program.kernel.simulation().random("timer-slack/" + recorded.index);
    }

    void run(Task task) {
        Ops.Reader ops = recorded.ops.reader();
        for (Op op = ops.next(); op != null; op = ops.next()) {
            execute(task, op, ops);
            done++;
            wakeWaiters();
        }
        task.settle();
        isOver = true;
        wakeWaiters();
    }

    private void wakeWaiters() {
        for (int i = waiters.size() - 1; i >= 0; i--) {
            if (isOver || done >= waiters.get(i).ops) {
                waiters.remove(i).task.wake(null);
            }
        }
    }

    private void execute(Task task, Op op, Ops.Reader ops) {
        switch (op) {
            case COMPUTE -> compute(task, ops.operand(0));
            case SLEEP -> sleep(task, ops.operand(0), ops.operand(1), Sleep.of(ops.operand(2)));
            case AWAIT -> await(task, ops);
            case SIGNAL -> signal(task, ops.operand(0));
            case NEEDS -> need(task, (int) ops.operand(0), (int) ops.operand(1));
            case SPAWN -> program.start((int) ops.operand(0), task);
            case TOUCH -> touch(task, ops.operand(0), ops.operand(1) != 0);
            case FORK -> timed(task, "fork", () -> process.fork(task, process.name() + " (child)", (child, main) -> {}));
            case WITHOUT_CORE -> standBack(task, program.others.had(ops.operand(0), ops.operand(1), (int) ops.operand(2)));
            case HELD_UP -> heldUp = ops.operand(0);
            case LOSES_CORE -> losses.add(
                    new Loss(ops.operand(0), program.others.had(ops.operand(1), ops.operand(2), (int) ops.operand(3))));
            case SLICE_BEGIN -> sliceBegin(task, (int) ops.operand(0), ops.operand(1));
            case SLICE_END -> sliceEnd(task, ops.operand(0));
            default -> call(task, op, ops);
        }
    }

    private void compute(Task task, long work) {
        long paid = Math.min(work, owed);
        owed -= paid;
        task.compute(work - paid);
    }

    private void owe(long ns) {
        owed = Math.min(MOST_OWED_NS, owed + ns);
    }

    // Without a core

    /// Others have the cores: they had them for so long when this thread was as far as it is now.
    private void standBack(Task task, long length) {
        task.settle();
        if (length > 0) {
            task.blockUntil(TaskState.INTERRUPTIBLE, task.now() + length);
            owe(cost(Cost.CONTEXT_SWITCH));
        }
    }

    // Sleeping

    private void sleep(Task task, long length, long end, Sleep kind) {
        task.settle();
        boolean until = kind == Sleep.UNTIL || (kind == Sleep.TIMER && recorded.isPeriodic);
        long jitter = kind == Sleep.ANSWER || kind == Sleep.UNKNOWN ? 0 : slack.nextInt((int) TIMER_SLACK_NS) - TIMER_SLACK_NS / 2;
        long time = (until ? program.began() + end : task.now() + length) + jitter;
        if (time > task.now()) {
            task.blockUntil(kind == Sleep.ANSWER ? TaskState.UNINTERRUPTIBLE : TaskState.INTERRUPTIBLE, time);
            owe(cost(Cost.CONTEXT_SWITCH));
        }
    }

    private void await(Task task, Ops.Reader ops) {
        int waker = (int) ops.operand(3);
        if (!program.isTarget(waker)) {
            sleep(task, ops.operand(1), ops.operand(2), Sleep.of(ops.operand(4)));
            return;
        }
        task.settle();
        long number = ops.operand(0);
        boolean slept = false;
        while (!program.signalled.get((int) number)) {
            program.awaiting.put(number, task);
            task.block(TaskState.INTERRUPTIBLE);
            slept = true;
        }
        if (slept) {
            owe(cost(Cost.CONTEXT_SWITCH));
        }
    }

    private void signal(Task task, long number) {
        task.settle();
        program.signalled.set((int) number);
        Task sleeper = program.awaiting.remove(number);
        if (sleeper != null) {
            sleeper.wake(task);
        }
        owe(cost(Cost.WAKE));
    }

    private void need(Task task, int thread, int ops) {
        if (!program.isTarget(thread)) {
            return;
        }
        task.settle();
        ThreadReplay other = program.thread(thread);
        while (other != null && !other.isOver && other.done < ops) {
            other.waiters.add(new Waiter(ops, task));
            task.block(TaskState.INTERRUPTIBLE);
        }
    }

    private long cost(Cost cost) {
        return program.kernel.memory().costs().ns(cost);
    }

    // Memory

    private void touch(Task task, long recordedAddress, boolean write) {
        long address = placement.of(recordedAddress);
        Vma vma = address < 0 || address >= 1L << 47 ? null : process.mm().vmas().find(address);
        if (vma == null || !vma.contains(address)) {
            program.figures.skippedTouches++;
        } else {
            access(task, address, write);
        }
        owe(program.workload.faultNs > 0 ? program.workload.faultNs : USUAL_FAULT_NS);
    }

    private void access(Task task, long address, boolean write) {
        if (process.mm().pageTable().translate(address, write) != 0) {
            program.figures.presentTouches++;
            return;
        }
        try {
            if (write) {
                process.syscalls().memory().write(task, address, 1);
            } else {
                process.syscalls().memory().read(task, address, 1);
            }
            program.figures.faults++;
        } catch (SegmentationFault e) {
            program.figures.skippedTouches++;
        }
    }

    private void call(Task task, Op op, Ops.Reader ops) {
        long a = ops.operand(0);
        long b = ops.operand(1);
        long c = ops.operand(2);
        switch (op) {
            case MMAP -> mmap(task, a, b, (int) c, (int) ops.operand(3), ops.operand(4) != 0);
            case MUNMAP -> {
                timed(task, "munmap", () -> process.syscalls().munmap(task, placement.of(a), b));
                placement.forget(a, a + b);
            }
            case MPROTECT -> timed(task, "mprotect", () -> process.syscalls().mprotect(task, placement.of(a), b, (int) c));
            case MADVISE -> timed(task, CallName.madvise(c), () -> process.syscalls().madvise(task, placement.of(a), b, (int) c));
            case MREMAP -> {
                long address = timed(task, "mremap", () -> process.syscalls().mremap(
                        task, placement.of(a), b, c, (int) ops.operand(3) & (Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP), 0));
                placement.forget(a, a + b);
                if (address > 0) {
                    placement.put(ops.operand(4), c, address);
                }
            }
            case BRK -> brk(task, a, b);
            case MLOCK -> timed(task, "mlock", () -> process.syscalls().mlock(task, placement.of(a), b));
            case MUNLOCK -> timed(task, "munlock", () -> process.syscalls().munlock(task, placement.of(a), b));
            case SET_NAME -> timed(task, "prctl", () -> process.syscalls().setAnonName(task, placement.of(a), b, "recorded"));
            default -> throw new IllegalStateException("no such op: " + op);
        }
    }

    private void mmap(Task task, long recordedAddress, long length, int protection, int recordedFlags, boolean file) {
        boolean fixed = (recordedFlags & Mman.MAP_FIXED) != 0;
        long wanted = fixed ? placement.of(recordedAddress) : recordedAddress;
        boolean isFree = fixed || process.mm().vmas().findIntersection(wanted, wanted + length) == null;
        // Shared anonymous memory has no file here.
        int type = (recordedFlags & MAP_TYPE) == Mman.MAP_SHARED && file ? Mman.MAP_SHARED : Mman.MAP_PRIVATE;
        int kept = recordedFlags & (Mman.MAP_NORESERVE | Mman.MAP_POPULATE);
        int flags = type | kept | (file ? 0 : Mman.MAP_ANONYMOUS) | (fixed ? Mman.MAP_FIXED : isFree ? Mman.MAP_FIXED_NOREPLACE : 0);
        long hint = fixed || isFree ? wanted : 0;
        long address = timed(task, "mmap", () -> file
                ? process.syscalls().mmap(task, hint, length, protection, flags, program.file(length), 0)
                : process.syscalls().mmap(task, hint, length, protection, flags));
        if (address > 0) {
            placement.put(recordedAddress, length, address);
        }
    }

    /// The simulated process has its break somewhere else.
    private void brk(Task task, long recordedBreak, long recordedFirst) {
        long first = program.firstBreak(task, process);
        long wanted = first + recordedBreak - recordedFirst;
        timed(task, "brk", () -> process.syscalls().brk(task, wanted));
        placement.put(recordedFirst, Math.max(0, recordedBreak - recordedFirst + 4095 & -4096L), first);
    }

    private long timed(Task task, String what, LongSupplier call) {
        task.settle();
        long began = task.now();
        Usual usual = program.usual.computeIfAbsent(what, name -> new Usual());
        boolean isUndisturbed = losses.isEmpty() && heldUp == 0;
        if (heldUp > 0) {
            task.cpu().loseTime(usual.ns() / 2, heldUp);
            heldUp = 0;
        }
        losses.stream().filter(loss -> loss.length() > 0)
                .forEach(loss -> program.others.take(task, began + loss.share() * usual.ns() / WHOLE, loss.length()));
        losses.clear();
        long result = call.getAsLong();
        task.settle();
        if (isUndisturbed) {
            usual.add(task.now() - began);
            program.figures.undisturbed.add(what, task.name(), task.now() - began);
        }
        program.figures.latencies.add(what, task.name(), task.now() - began);
        return result;
    }

    // Slices

    private void sliceBegin(Task task, int name, long token) {
        task.settle();
        sliceBegins.push(task.now());
        sliceNames.push(name);
        tracepoints().sliceBegin(task.now(), task, program.workload.names.get(name), token);
    }

    private void sliceEnd(Task task, long token) {
        task.settle();
        if (sliceBegins.isEmpty()) {
            return;
        }
        long began = sliceBegins.pop();
        String name = program.workload.names.get(sliceNames.pop());
        boolean isFrame = name.equals(Figures.DO_FRAME) || name.equals(Figures.DRAW_FRAME);
        program.figures.latencies.add(isFrame ? name : "operation " + name, task.name(), task.now() - began);
        tracepoints().sliceEnd(task.now(), task);
        RecordedFrame frame = name.equals(Figures.DRAW_FRAME) ? program.workload.frames.get(token) : null;
        if (frame != null) {
            long end = task.now() + frame.tailNs();
            tracepoints().frame(task.now(), process.tgid(), token,
                    program.began() + frame.expectedStart(), program.began() + frame.expectedEnd(), began, end);
        }
    }

    private Tracepoints tracepoints() {
        return program.kernel.tracepoints();
    }
}
