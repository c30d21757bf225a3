package io.janklab.workloads.host;

import io.janklab.workloads.host.Divergence.Aspect;
import java.util.List;
import java.util.stream.Collectors;

/// Runs a program on both sides and compares them after every call.
final class Conform {
    private final AddressSpace real;
    private final AddressSpace simulated;

    Conform(AddressSpace real, AddressSpace simulated) {
        this.real = real;
        this.simulated = simulated;
    }

    /// The first disagreement, or null.
    Divergence run(Program program) {
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

    private Divergence step(Program program, int step) {
        Call call = program.calls().get(step);
        String expected = real.call(call, step);
        Snapshot left = real.snapshot();
        try {
            String answered = simulated.call(call, step);
            return expected.equals(answered)
                    ? compare(program, step, left, simulated.snapshot())
                    : new Divergence(program, step, Aspect.RESULT, expected, answered);
        } catch (RuntimeException bug) {
            return new Divergence(program, step, Aspect.CRASH, expected, stackTrace(bug));
        }
    }

    private static Divergence compare(Program program, int step, Snapshot real, Snapshot simulated) {
        if (!real.areas().equals(simulated.areas())) {
            return new Divergence(program, step, Aspect.LAYOUT, lines(real.areas()), lines(simulated.areas()));
        }
        if (!real.pages().equals(simulated.pages())) {
            return new Divergence(program, step, Aspect.PAGES, real.describePages(), simulated.describePages());
        }
        if (!real.stamps().equals(simulated.stamps())) {
            return new Divergence(program, step, Aspect.CONTENTS, stamps(real.stamps()), stamps(simulated.stamps()));
        }
        return null;
    }

    private static String lines(List<Area> areas) {
        return areas.stream().map(Area::toString).collect(Collectors.joining("\n"));
    }

    private static String stamps(List<Long> stamps) {
        return stamps.stream().map(Stamp::describe).collect(Collectors.joining(" "));
    }

    private static String stackTrace(Throwable bug) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = bug; cause != null; cause = cause.getCause()) {
            text.append(cause).append('\n');
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (frame.getClassName().startsWith("io.janklab.kernel")) {
                    text.append("  at ").append(frame).append('\n');
                }
            }
        }
        return text.toString();
    }
}
