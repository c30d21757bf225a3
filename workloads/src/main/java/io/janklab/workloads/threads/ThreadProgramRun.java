package io.janklab.workloads.threads;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;
import io.janklab.program.Call;
import io.janklab.program.ProcessCalls;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.program.Standstill;
import io.janklab.workloads.threads.ThreadProgram.ProgramThread;
import io.janklab.workloads.threads.ThreadProgram.Step;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// Runs a program on a simulated device.
public final class ThreadProgramRun {
    private static final long SLICE_NS = 10_000_000;
    /// A call under way when the program ends may last so long.
    private static final long LONGEST_CALL_NS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final ThreadProgram program;
    private final Kernel kernel;
    private final Process process;
    private final ProcessCalls calls;
    private final Map<String, Histogram> marks = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private long endNs = Long.MAX_VALUE;
    private int living;

    /// The result of a run.
    ///
    /// @param marks  ns of each call, by mark
    /// @param errors how often a line's call failed, by the line and the error: `12: madvise EINVAL`
    /// @param digest of every event
    public record Result(Map<String, Histogram> marks, Map<String, Long> errors, long digest) {}

    public ThreadProgramRun(ThreadProgram program, Device device, KernelProfile profile, long seed) {
        this.program = program;
        this.kernel = new Kernel(new Simulation(seed), device.hardware(), profile, device.costs());
        kernel.memory().hugetlb().pool().resize(device.hugePages());
        this.process = kernel.createProcess(program.name());
        this.calls = new ProcessCalls(kernel, process, Uffd.UFFD_FEATURE_SIGBUS, null);
    }

    /// @throws BadInput if the program needs more memory than the device has
    public Result run() {
        try (Standstill _ = Standstill.watch(program.file(), kernel.simulation())) {
            spawn(new ProgramThread("main", TaskAttributes.normal(0), program.before()));
            runUntilAllEnd(LONGEST_CALL_NS);
            endNs = kernel.simulation().now() + program.durationNs();
            program.threads().forEach(this::spawn);
            runUntilAllEnd(endNs + LONGEST_CALL_NS);
        } catch (TaskFailure failure) {
            if (failure.getCause() instanceof OutOfMemoryKill kill) {
                String why = ": the device has too little memory for what the program touches (";
                throw new BadInput(program.file() + why + kill.getMessage() + ").");
            }
            throw failure;
        }
        return new Result(marks, errors, kernel.simulation().digest().value());
    }

    private void runUntilAllEnd(long latestNs) {
        while (living > 0) {
            if (kernel.simulation().now() > latestNs) {
                throw new BadInput(program.file() + ": " + (living == 1 ? "a thread waits" : living + " threads wait")
                        + " for ever: ten minutes of virtual time after the program should have ended, it has not.");
            }
            kernel.run(kernel.simulation().now() + SLICE_NS);
        }
    }

    private void spawn(ProgramThread thread) {
        living++;
        process.spawn(thread.name(), thread.attributes(), task -> {
            steps(task, thread.steps());
            task.settle();
            living--;
        });
    }

    private void steps(Task task, List<Step> steps) {
        for (Step step : steps) {
            if (isOver(task)) {
                return;
            }
            switch (step) {
                case Step.Do call -> call(task, call);
                case Step.Think think -> task.sleepUntil(Math.min(task.now() + think.ns(), endNs));
                case Step.Compute compute -> task.compute(compute.ns());
                case Step.Loop loop -> loop(task, loop);
            }
        }
    }

    private void loop(Task task, Step.Loop loop) {
        for (long time = 0; time < loop.times() && !isOver(task); time++) {
            steps(task, loop.steps());
        }
    }

    private boolean isOver(Task task) {
        return task.now() >= endNs;
    }

    private void call(Task task, Step.Do step) {
        task.settle();
        long began = task.now();
        String error = make(task, step);
        task.settle();
        if (!error.isEmpty()) {
            errors.merge(step.line() + ": " + step.call().operation().word() + " " + error, 1L, Long::sum);
        }
        if (!step.mark().isEmpty()) {
            marks.computeIfAbsent(step.mark(), mark -> new Histogram(DIGITS)).recordValue(task.now() - began);
        }
    }

    /// @return the error's name, or nothing
    private String make(Task task, Step.Do step) {
        Call call = step.call();
        Syscalls linux = process.syscalls();
        try {
            switch (call.operation()) {
                case MMAP -> {
                    return error(linux.mmap(task, call.a(), call.b(), (int) call.c(), (int) call.d()));
                }
                case MREMAP -> {
                    return error(linux.mremap(task, call.a(), call.b(), call.c(), (int) call.d(), call.e()));
                }
                case READ -> linux.memory().read(task, call.a(), call.b());
                case WRITE -> linux.memory().write(task, call.a(), call.b());
                case LOAD -> linux.memory().read(task, call.a(), 1);
                case STORE -> linux.memory().write(task, call.a(), 1);
                default -> {
                    return madeBy(task, step);
                }
            }
            return "";
        } catch (SegmentationFault fault) {
            return "SIGSEGV";
        } catch (BusError fault) {
            return "SIGBUS";
        }
    }

    private static String error(long returned) {
        return Errno.isError(returned) ? Errno.describe(returned) : "";
    }

    private String madeBy(Task task, Step.Do step) {
        String[] answered = {""};
        calls.make(task, step.call(), step.line(), answer -> answered[0] = answer);
        return answered[0].startsWith("E") ? answered[0] : "";
    }
}
