package io.janklab.workloads.host.program;

import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.program.Operation;
import io.janklab.program.Region;
import io.janklab.workloads.input.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// A list of calls; as text, one per line, `#` beginning a comment.
public record SyscallProgram(List<Call> calls) {
    public SyscallProgram {
        calls = List.copyOf(calls);
    }

    public int size() {
        return calls.size();
    }

    /// @throws BadInput naming the line, if one cannot be read or would reach outside of the region
    public static SyscallProgram parse(String file, List<String> lines) {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").trim();
            if (!line.isEmpty()) {
                calls.add(parse(file, i + 1, line));
            }
        }
        return new SyscallProgram(calls);
    }

    /// One line of a program.
    ///
    /// @throws BadInput naming the line, if it cannot be read or would reach outside of the region
    public static Call parse(String file, int number, String line) {
        try {
            Call call = Call.parse(line);
            if (Operation.SIMULATED_ONLY.contains(call.operation())) {
                throw new IllegalArgumentException(
                        "'" + call.operation().word() + "' is for litmuses only; it is not run on the host's kernel.");
            }
            if (!Confinement.permits(call)) {
                throw new IllegalArgumentException("this call could reach outside of the region @0 to @" + Region.PAGES + ".");
            }
            if (!Confinement.sparesTheRest(call)) {
                throw new IllegalArgumentException("this call would lock the JVM's own memory; it is for litmuses only.");
            }
            return call;
        } catch (IllegalArgumentException bad) {
            throw BadInput.at(file, number, Objects.requireNonNull(bad.getMessage()));
        }
    }

    public String text() {
        return calls.stream().map(call -> call + "\n").collect(Collectors.joining());
    }
}
