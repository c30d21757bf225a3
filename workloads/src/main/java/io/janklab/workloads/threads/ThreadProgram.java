package io.janklab.workloads.threads;

import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.program.Call;
import java.util.List;

/// The contents of a program file.
///
/// @param file       where it comes from
/// @param name       one word
/// @param story      a sentence
/// @param durationNs virtual time, from when the threads begin
/// @param before     calls by one thread alone
/// @param threads    those that run at once
public record ThreadProgram(String file, String name, String story, long durationNs, List<Step> before, List<ProgramThread> threads) {
    /// One thread.
    public record ProgramThread(String name, TaskAttributes attributes, List<Step> steps) {}

    /// The next operation of a thread.
    public sealed interface Step {
        /// A call; its latency counts under `mark`, unless that is empty.
        record Do(int line, String mark, Call call) implements Step {}

        /// Sleeps.
        record Think(long ns) implements Step {}

        /// Burns CPU time of a core of capacity 1024.
        record Compute(long ns) implements Step {}

        /// Does the steps `times` times, but not beyond the program's end.
        record Loop(long times, List<Step> steps) implements Step {}
    }
}
