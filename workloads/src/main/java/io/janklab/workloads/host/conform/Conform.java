package io.janklab.workloads.host.conform;

import io.janklab.program.Answer;
import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.program.Operation;
import io.janklab.workloads.host.conform.Divergence.Aspect;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.Area;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.space.Snapshot;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs a program on both sides and compares what every call returns, and the whole state after every call or after some of them.
public final class Conform {
    private static final int TABLES_MUST_DIFFER = 4;

    private final ComparedSpace real;
    private final ComparedSpace simulated;
    private final Watchdog watchdog;
    private boolean hugePages;
    /// Not once memory has been moved elsewhere: where that is decides whether a page table is moved as it is, or stays behind, empty.
    private boolean tablesCompare;
    /// After every call.
    private boolean countsTables;

    public Conform(ComparedSpace real, ComparedSpace simulated, Watchdog watchdog) {
        this.real = real;
        this.simulated = simulated;
        this.watchdog = watchdog;
    }

    /// Whether programs get huge pages, on both sides.
    public void useHugePages(boolean on) {
        hugePages = on;
        real.useHugePages(on);
        simulated.useHugePages(on);
    }

    /// The first disagreement, or null: the state is compared after every call.
    public @Nullable Divergence run(SyscallProgram program) {
        return run(program, Checkpoints.EVERY_CALL);
    }

    /// Compares the state after a sample of the calls. A program that disagrees is run again with a comparison after every call; should it
    /// agree then, because looking changes it, up to the call after which it disagreed, and compared after that one alone.
    @Nullable Divergence runSampled(SyscallProgram program, Checkpoints sample) {
        Divergence seen = runOnce(program, sample);
        if (seen == null) {
            return null;
        }
        Divergence first = run(program);
        return first == null ? runUnobserved(seen.upToThere().program()) : first;
    }

    /// Compares the state after the last call alone.
    @Nullable Divergence runUnobserved(SyscallProgram program) {
        return run(program, Checkpoints.LAST_CALL);
    }

    /// A disagreement that may not be the program's must be reproduced. A program that seals memory cannot run again, so there it is
    /// ignored.
    private @Nullable Divergence run(SyscallProgram program, Checkpoints checkpoints) {
        Divergence divergence = runOnce(program, checkpoints);
        if (divergence != null && mayBeOthers(divergence) && !program.calls().stream().allMatch(Confinement::canBeUndone)) {
            return null;
        }
        for (int again = 1; again < TABLES_MUST_DIFFER && divergence != null && mayBeOthers(divergence); again++) {
            divergence = runOnce(program, checkpoints);
        }
        return divergence;
    }

    /// The JVM's other threads have page tables too; and khugepaged, once in ten seconds, makes huge pages, while a host short of free
    /// blocks makes none.
    private boolean mayBeOthers(Divergence divergence) {
        return hugePages || divergence.what() == Aspect.PAGE_TABLES;
    }

    /// How many page tables there are is compared at the end where it is not after every call: the longer it takes, the more the JVM's
    /// other threads do to them.
    private @Nullable Divergence runOnce(SyscallProgram program, Checkpoints checkpoints) {
        real.clear();
        simulated.clear();
        tablesCompare = true;
        countsTables = checkpoints == Checkpoints.EVERY_CALL;
        for (int step = 0; step < program.size(); step++) {
            boolean compares = checkpoints.after(step) || step == program.size() - 1;
            Divergence divergence = step(program, step, compares);
            if (divergence != null) {
                return divergence;
            }
            if (hugePages && real.movedTablesAway() != simulated.movedTablesAway()) {
                // Whether a huge page can be had now depends on where the memory went.
                return null;
            }
        }
        return countsTables ? null : compareTables(program, program.size() - 1, real.clear(), simulated.clear());
    }

    private @Nullable Divergence step(SyscallProgram program, int step, boolean comparesState) {
        Call call = program.calls().get(step);
        String expected = real.call(call, step);
        Snapshot left = comparesState ? real.snapshot() : null;
        watchdog.begin(program, step);
        try {
            String answered = simulated.call(call, step);
            tablesCompare &= call.operation() != Operation.MREMAP || !expected.equals(Answer.ELSEWHERE);
            if (!expected.equals(answered)) {
                return new Divergence(program, step, Aspect.RESULT, expected, answered);
            }
            return left == null ? null : compare(program, step, left, simulated.snapshot());
        } catch (RuntimeException bug) {
            return new Divergence(program, step, Aspect.CRASH, expected, stackTrace(bug));
        } finally {
            watchdog.end();
        }
    }

    private @Nullable Divergence compare(SyscallProgram program, int step, Snapshot real, Snapshot simulated) {
        if (!real.areas().equals(simulated.areas())) {
            return new Divergence(program, step, Aspect.LAYOUT, lines(real.areas()), lines(simulated.areas()));
        }
        if (!real.pages().equals(simulated.pages())) {
            return new Divergence(program, step, Aspect.PAGES, real.describePages(), simulated.describePages());
        }
        if (!real.stamps().equals(simulated.stamps())) {
            return new Divergence(program, step, Aspect.CONTENTS, real.describeStamps(), simulated.describeStamps());
        }
        return countsTables ? compareTables(program, step, real.pageTables(), simulated.pageTables()) : null;
    }

    private @Nullable Divergence compareTables(SyscallProgram program, int step, long real, long simulated) {
        boolean same = !tablesCompare || real == simulated;
        return same ? null : new Divergence(program, step, Aspect.PAGE_TABLES, real + " KiB", simulated + " KiB");
    }

    private static String lines(List<Area> areas) {
        return areas.stream().map(Area::toString).collect(Collectors.joining("\n"));
    }

    private static String stackTrace(Throwable bug) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = bug; cause != null; cause = cause.getCause()) {
            text.append(cause).append('\n').append(Watchdog.kernelFrames(cause.getStackTrace()));
        }
        return text.toString();
    }
}
