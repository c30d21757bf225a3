package io.janklab.workloads.recording.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.Simulation;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.Workload;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MemoryReplayTest {
    private static final long ADDRESS = 0x7f0000000000L;
    private static final long LENGTH = 64 << 12;

    private static Ops.Reader only(Workload workload, Op op, long... operands) {
        Ops ops = new Ops(workload.scratch);
        ops.add(op, operands);
        Ops.Reader reader = ops.reader();
        reader.next();
        return reader;
    }

    /// A thread maps memory where another is about to give it up, so long (ns) after it may.
    ///
    /// @return its touches that found no memory
    private static long strayTouches(long later, Op op, long... operands) {
        Kernel kernel = new Kernel(new Simulation(1), Hardware.symmetric(Architecture.X86_64, 2, 1L << 30),
                KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64), CostModel.defaults());
        Workload workload = new Workload();
        ReplayState state = new ReplayState(kernel, workload, thread -> false, OwnTimes.NONE);
        Process process = kernel.createProcess("app");
        Image image = new Image(process.addressSpace());
        MemoryReplay first = new MemoryReplay(state, 0, image);
        MemoryReplay second = new MemoryReplay(state, 1, image);
        process.spawn("first", TaskAttributes.normal(0), task -> {
            first.call(task, Op.MMAP, only(workload, Op.MMAP, ADDRESS, LENGTH, 3, 0x22, 0));
            for (long at = 0; at < LENGTH; at += 1 << 12) {
                first.touch(task, ADDRESS + at, Op.WRITES);
            }
            task.settle();
            process.spawn("second", TaskAttributes.normal(0), other -> {
                other.compute(later);
                second.call(other, Op.MMAP, only(workload, Op.MMAP, ADDRESS, LENGTH, 3, 0x22, 0));
                other.sleepUntil(20_000_000);
                second.touch(other, ADDRESS, Op.WRITES);
            });
            task.compute(50_000);
            first.call(task, op, only(workload, op, operands));
        });
        kernel.run(50_000_000);
        return state.figures.strayTouches;
    }

    private static long[] strayTouches(Op op, long... operands) {
        return LongStream.range(160, 240).map(i -> strayTouches(i * 250, op, operands)).toArray();
    }

    @Test
    void aThreadKeepsThePlaceItWasGivenWhileAnotherUnmapsWhatWasThere() {
        assertThat(strayTouches(Op.MUNMAP, ADDRESS, LENGTH)).containsOnly(0);
    }
}
