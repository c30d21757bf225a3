package io.janklab.workloads.recording.rebuild;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which threads have a core, as far as is recorded, which have been woken and not been seen on one since, and which cores idle.
final class OnCores {
    /// A task that has been awake for so long (ns) while a core idles runs there.
    private static final long SURELY_NS = 100_000;

    private final Set<ThreadTrack> running = new LinkedHashSet<>();
    private final Set<ThreadTrack> woken = new LinkedHashSet<>();
    /// By core, since when (ns).
    private final Map<Integer, Long> idle = new TreeMap<>();

    void comesOn(ThreadTrack track, long at) {
        track.comesOn(at);
        woken.remove(track);
        running.add(track);
    }

    void goesOff(ThreadTrack track) {
        running.remove(track);
    }

    /// It has been woken, at `now`, and has no core yet as far as is known.
    void wakes(ThreadTrack track, long now) {
        track.wokenAt = now;
        woken.add(track);
    }

    /// A core goes idle, or a thread comes on it.
    void switches(int cpu, boolean toIdle, long now) {
        if (toIdle) {
            idle.put(cpu, now);
        } else {
            idle.remove(cpu);
        }
    }

    /// A thread has come on a core that no event shows, by `now` at the latest: on the one that has idled longest, as soon after its
    /// wake-up as idle cores usually respond; now, if none has.
    ///
    /// @param responseNs of an idle core
    void comesOnUnseen(ThreadTrack track, long now, long responseNs) {
        Map.Entry<Integer, Long> core = idle.entrySet().stream().min(Map.Entry.comparingByValue()).orElse(null);
        if (core == null) {
            comesOn(track, now);
        } else {
            idle.remove(core.getKey());
            comesOn(track, Math.min(now, Math.max(track.wokenAt, core.getValue()) + responseNs));
        }
    }

    /// Whether another thread of that process has a core at `now`.
    boolean isBeside(ThreadTrack track, long now) {
        for (ThreadTrack other : running) {
            if (other != track && other.thread.tgid == track.thread.tgid) {
                return true;
            }
        }
        if (idle.isEmpty()) {
            return false;
        }
        for (ThreadTrack other : woken) {
            if (other != track && other.thread.tgid == track.thread.tgid && now - other.wokenAt > SURELY_NS) {
                return true;
            }
        }
        return false;
    }
}
