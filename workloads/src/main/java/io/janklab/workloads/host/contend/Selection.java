package io.janklab.workloads.host.contend;

import io.janklab.program.Call;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.input.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The workloads wanted whose calls a host does not refuse.
final class Selection {
    private final List<Contention> workloads = new ArrayList<>();
    /// By reason: how many the host cannot run.
    private final Map<String, Integer> leftOut = new LinkedHashMap<>();

    /// @param only part of the names of the workloads wanted; empty for all
    Selection(String only, HostProperties host) {
        KnownDifferences refused = KnownDifferences.none().and(host.leftOut());
        for (Contention each : Contention.all()) {
            if (each.name().contains(only)) {
                String reason = reason(each, refused);
                if (reason == null) {
                    workloads.add(each);
                } else {
                    leftOut.merge(reason, 1, Integer::sum);
                }
            }
        }
        if (workloads.isEmpty()) {
            throw leftOut.isEmpty() ? new BadInput("No workload's name contains '" + only + "'.") : new HostRefusal(sentences().getFirst());
        }
    }

    private static @Nullable String reason(Contention workload, KnownDifferences refused) {
        for (Call call : SyscallProgram.parse("workload", workload.calls()).calls()) {
            String reason = refused.reason(call);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    List<Contention> workloads() {
        return List.copyOf(workloads);
    }

    /// What was left out and why, a sentence each.
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        leftOut.forEach((reason, count) -> sentences.add(count + (count == 1 ? " workload" : " workloads") + " left out: " + reason));
        return sentences;
    }
}
