package io.janklab.workloads.cli.plan;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.replay.ThreadRole;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// The user's knowledge of a trace's threads.
public final class ThreadOptions {
    private static final int MOST_URGENT = -20;
    private static final int LEAST_URGENT = 19;

    @Option(
            names = "--thread",
            paramLabel = "TID=NAME[,NICE]",
            description = {
                "What a thread of the trace is called and how urgent it is (without NICE: as Android's of that name); may be repeated.",
                "Of the others the first is taken for the main thread, and the rest are at nice 0."
            })
    private Map<Integer, String> threads = new LinkedHashMap<>();

    public boolean isEmpty() {
        return threads.isEmpty();
    }

    /// By thread id.
    ///
    /// @throws BadInput if one of them is none
    public Map<Integer, ThreadRole> roles() {
        Map<Integer, ThreadRole> roles = new LinkedHashMap<>();
        threads.forEach((tid, text) -> roles.put(tid, role(tid, text)));
        return roles;
    }

    private static ThreadRole role(int tid, String text) {
        int comma = text.lastIndexOf(',');
        if (comma < 0) {
            return ThreadRole.named(text);
        }
        try {
            int nice = Integer.parseInt(text.substring(comma + 1).strip());
            if (nice >= MOST_URGENT && nice <= LEAST_URGENT) {
                return new ThreadRole(text.substring(0, comma), nice);
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new BadInput("--thread " + tid + "=" + text
                + ": a thread looks like 202=RenderThread or 202=worker,10, its nice value from -20 to 19.");
    }
}
