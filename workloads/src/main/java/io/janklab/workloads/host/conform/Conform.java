package io.janklab.workloads.host.conform;

import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.workloads.host.conform.Divergence.Aspect;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.AddressSpace;
import io.janklab.workloads.host.space.Area;
import io.janklab.workloads.host.space.Snapshot;
import java.util.List;
import java.util.stream.Collectors;

/// Runs a program on both sides and compares them after every call.
public final class Conform {
    private static final int TABLES_MUST_DIFFER = 4;

    private final AddressSpace real;
    private final AddressSpace simulated;
    private final Watchdog watchdog;

    public Conform(AddressSpace real, AddressSpace simulated) {
        this(real, simulated, new Watchdog());
    }

    public Conform(AddressSpace real, AddressSpace simulated, Watchdog watchdog) {
        this.real = real;
        this.simulated = simulated;
        this.watchdog = watchdog;
    }

    /// The first disagreement, or null. One about page tables must be reproduced, since the JVM's other threads have some too. A program
    /// that seals memory cannot run again, so there it is ignored.
    public Divergence run(SyscallProgram program) {
        Divergence divergence = runOnce(program);
        if (divergence != null && divergence.what() == Aspect.PAGE_TABLES && !program.calls().stream().allMatch(Confinement::canBeUndone)) {
            return null;
        }
        for (int again = 1; again < TABLES_MUST_DIFFER && divergence != null && divergence.what() == Aspect.PAGE_TABLES; again++) {
            divergence = runOnce(program);
        }
        return divergence;
    }

    private Divergence runOnce(SyscallProgram program) {
        real.clear();
        simulated.clear();
        for (int step = 0; step < program.size(); step++) {
            Divergence divergence = step(program, step);
            if (divergence != null) {
                return divergence;
            }
        }
        return null;
    }

    private Divergence step(SyscallProgram program, int step) {
        Call call = program.calls().get(step);
        String expected = real.call(call, step);
        Snapshot left = real.snapshot();
        watchdog.begin(program, step);
        try {
            String answered = simulated.call(call, step);
            return expected.equals(answered)
                    ? compare(program, step, left, simulated.snapshot())
                    : new Divergence(program, step, Aspect.RESULT, expected, answered);
        } catch (RuntimeException bug) {
            return new Divergence(program, step, Aspect.CRASH, expected, stackTrace(bug));
        } finally {
            watchdog.end();
        }
    }

    private static Divergence compare(SyscallProgram program, int step, Snapshot real, Snapshot simulated) {
        if (!real.areas().equals(simulated.areas())) {
            return new Divergence(program, step, Aspect.LAYOUT, lines(real.areas()), lines(simulated.areas()));
        }
        if (!real.pages().equals(simulated.pages())) {
            return new Divergence(program, step, Aspect.PAGES, real.describePages(), simulated.describePages());
        }
        if (!real.stamps().equals(simulated.stamps())) {
            return new Divergence(program, step, Aspect.CONTENTS, real.describeStamps(), simulated.describeStamps());
        }
        if (real.pageTables() != simulated.pageTables()) {
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
