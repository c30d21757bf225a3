package io.janklab.workloads.host.conform;

import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.workloads.host.program.SyscallProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes a diverging program as short and as simple as possible (Zeller's delta debugging, then simpler arguments).
///
/// A smaller program counts only if the same kind of call ends in the same kind of disagreement.
final class ProgramShrink {
    private final Function<SyscallProgram, @Nullable Divergence> conform;

    /// @param conform runs a program and returns its disagreement, or null
    ProgramShrink(Function<SyscallProgram, @Nullable Divergence> conform) {
        this.conform = conform;
    }

    Divergence shrink(Divergence found) {
        Divergence smallest = found.upToThere();
        for (Divergence before = null; before != smallest; ) {
            before = smallest;
            smallest = dropCalls(smallest);
            smallest = simplifyArguments(smallest);
        }
        return smallest;
    }

    private Divergence dropCalls(Divergence found) {
        Divergence smallest = found;
        for (int chunk = Math.max(1, smallest.program().size() / 2); chunk >= 1; chunk /= 2) {
            for (int at = smallest.program().size() - 1 - chunk; at >= 0; at -= chunk) {
                List<Call> calls = new ArrayList<>(smallest.program().calls());
                calls.subList(at, Math.min(at + chunk, calls.size() - 1)).clear();
                smallest = better(smallest, new SyscallProgram(calls));
                at = Math.min(at, smallest.program().size());
            }
        }
        return smallest;
    }

    private Divergence simplifyArguments(Divergence found) {
        Divergence smallest = found;
        for (int i = 0; i < smallest.program().size(); i++) {
            int arguments = smallest.program().calls().get(i).operation().arguments().size();
            for (int j = 0; j < arguments && i < smallest.program().size(); j++) {
                smallest = simplify(smallest, i, j);
            }
        }
        return smallest;
    }

    private Divergence simplify(Divergence found, int call, int argument) {
        Call original = found.program().calls().get(call);
        for (long simpler : original.operation().arguments().get(argument).simpler(original.argument(argument))) {
            Call changed = original.with(argument, simpler);
            boolean plainer = Long.compareUnsigned(simpler, original.argument(argument)) < 0;
            if (plainer && Confinement.permits(changed)) {
                List<Call> calls = new ArrayList<>(found.program().calls());
                calls.set(call, changed);
                Divergence candidate = better(found, new SyscallProgram(calls));
                if (candidate != found) {
                    return candidate;
                }
            }
        }
        return found;
    }

    /// `candidate`'s divergence if it is of the same kind, otherwise the known one.
    private Divergence better(Divergence known, SyscallProgram candidate) {
        Divergence divergence = conform.apply(candidate);
        if (divergence == null) {
            return known;
        }
        boolean same = divergence.what() == known.what()
                && divergence.call().operation() == known.call().operation();
        return same ? divergence.upToThere() : known;
    }
}
