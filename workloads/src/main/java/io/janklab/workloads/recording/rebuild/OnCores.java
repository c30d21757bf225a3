package io.janklab.workloads.recording.rebuild;

import java.util.LinkedHashSet;
import java.util.Set;

/// Which threads have a core, as far as is recorded, and which have been woken and not been seen on one since.
final class OnCores {
    /// Whoever has been awake for so long (ns) without any event of another thread on its way there runs on a core that had idled.
    private static final long SURELY_NS = 100_000;

    private final Set<ThreadTrack> running = new LinkedHashSet<>();
    private final Set<ThreadTrack> woken = new LinkedHashSet<>();
    private int cpus;

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

    /// There is a core of that number.
    void sees(int cpu) {
        cpus = Math.max(cpus, cpu + 1);
    }

    /// Whether another thread of that process has a core at `now`.
    boolean isBeside(ThreadTrack track, long now) {
        for (ThreadTrack other : running) {
            if (other != track && other.thread.tgid == track.thread.tgid) {
                return true;
            }
        }
        if (running.size() >= cpus) {
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
