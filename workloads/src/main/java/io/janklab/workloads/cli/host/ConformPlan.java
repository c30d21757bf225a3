package io.janklab.workloads.cli.host;

import io.janklab.workloads.host.program.ProgramKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Programs of system calls for `janklab conform`, read and checked.
///
/// @param program a file, instead of random programs; null for none
/// @param crossed every call on every mapping, instead of random programs
/// @param kind of the random programs
/// @param programs how many of them
/// @param calls in each
/// @param every how many calls pass from one comparison of states to the next, on average
/// @param seconds after which no other program begins
/// @param seed of what is drawn at random
record ConformPlan(@Nullable Path program, boolean crossed, ProgramKind kind, long programs, int calls, int every, long seconds,
        long seed) {}
