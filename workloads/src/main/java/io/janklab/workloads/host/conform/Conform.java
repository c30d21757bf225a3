package io.janklab.workloads.host.conform;

import io.janklab.program.Answer;
import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.program.Operation;
import io.janklab.workloads.host.conform.Divergence.Aspect;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.AddressSpace;
import io.janklab.workloads.host.space.Area;
import io.janklab.workloads.host.space.Snapshot;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs a program on both sides and compares them after every call.
public final class Conform {
    private static final int TABLES_MUST_DIFFER = 4;

    private final AddressSpace real;
    private final AddressSpace simulated;
    private final Watchdog watchdog;
    private boolean hugePages;
    /// Not once memory has been moved elsewhere: where that is decides whether a page table is moved as it is, or stays behind, empty.
    private boolean tablesCompare;

    public Conform(AddressSpace real, AddressSpace simulated) {
        this(real, simulated, new Watchdog());
    }

    public Conform(AddressSpace real, AddressSpace simulated, Watchdog watchdog) {
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

    /// The first disagreement, or null. One that may not be the program's must be reproduced. A program
    /// that seals memory cannot run again, so there it is ignored.
    public @Nullable Divergence run(SyscallProgram program) {
        Divergence divergence = runOnce(program);
        if (divergence != null && mayBeOthers(divergence) && !program.calls().stream().allMatch(Confinement::canBeUndone)) {
            return null;
        }
        for (int again = 1; again < TABLES_MUST_DIFFER && divergence != null && mayBeOthers(divergence); again++) {
            divergence = runOnce(program);
        }
        return divergence;
    }

    /// The JVM's other threads have page tables too; and khugepaged, once in ten seconds, makes huge pages, while a host short of free
    /// blocks makes none.
    private boolean mayBeOthers(Divergence divergence) {
        return hugePages || divergence.what() == Aspect.PAGE_TABLES;
    }

    private @Nullable Divergence runOnce(SyscallProgram program) {
        real.clear();
        simulated.clear();
        tablesCompare = true;
        for (int step = 0; step < program.size(); step++) {
            Divergence divergence = step(program, step);
            if (divergence != null) {
                return divergence;
            }
        }
        return null;
    }

    private @Nullable Divergence step(SyscallProgram program, int step) {
        Call call = program.calls().get(step);
        String expected = real.call(call, step);
        Snapshot left = real.snapshot();
        watchdog.begin(program, step);
        try {
            String answered = simulated.call(call, step);
            tablesCompare &= call.operation() != Operation.MREMAP || !expected.equals(Answer.ELSEWHERE);
            return expected.equals(answered)
                    ? compare(program, step, left, simulated.snapshot())
                    : new Divergence(program, step, Aspect.RESULT, expected, answered);
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
        if (tablesCompare && real.pageTables() != simulated.pageTables()) {
            return new Divergence(program, step, Aspect.PAGE_TABLES, real.pageTables() + " KiB", simulated.pageTables() + " KiB");
        }
        return null;
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
