package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.HashMap;
import java.util.Map;

/// The recording's figures of locks, to compare with a replay's. They become no ops.
final class LockRules {
    private final Ledger ledger;
    private final RecordedThreads threads;
    private final Map<Long, Map<Integer, Hold>> holders = new HashMap<>();

    /// @param isWrite how it was acquired; munmap may end by holding it for reading
    private record Hold(long since, boolean isWrite) {
        String mode(boolean releasedByWriter) {
            return !isWrite ? "for reading" : releasedByWriter ? "for writing" : "for writing, then reading";
        }
    }

    LockRules(Ledger ledger, RecordedThreads threads) {
        this.ledger = ledger;
        this.threads = threads;
    }

    void mmapLock(RecordedEvent.MmapLock e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.caused(track);
        Map<Integer, Hold> held = holders.computeIfAbsent(e.mm(), mm -> new HashMap<>());
        switch (e.step()) {
            case START -> {
                track.asksMmapLock = ledger.now();
                track.asksToWrite = e.write();
                track.holderWhenAsked = held.keySet().stream().filter(tid -> tid != e.tid()).findFirst().map(this::describe)
                        .orElse("no recorded thread");
            }
            case ACQUIRED -> {
                track.heldMmapLocks += held.put(e.tid(), new Hold(ledger.now(), e.write())) == null ? 1 : 0;
                if (track.asksMmapLock >= 0) {
                    waited(track, e.write(), ledger.now() - track.asksMmapLock);
                }
                track.asksMmapLock = -1;
            }
            case REFUSED -> track.asksMmapLock = -1;
            case RELEASED -> {
                Hold hold = held.remove(e.tid());
                if (held.isEmpty()) {
                    holders.remove(e.mm());
                }
                if (hold != null) {
                    track.heldMmapLocks--;
                    long ns = ledger.now() - hold.since;
                    figures(track).latencies.add("mmap_lock hold", track.thread.name, ns);
                    figures(track).holds.add(hold.mode(e.write()), doing(track), ns);
                }
            }
        }
    }

    private ObservedFigures figures(ThreadTrack track) {
        return ledger.figuresOf(track.thread.tgid);
    }

    private void waited(ThreadTrack track, boolean toWrite, long waited) {
        boolean hasWaited = figures(track).gotMmapLock(toWrite, track.thread.name, track.holderWhenAsked, waited);
        track.callDisturbed |= hasWaited;
        track.callContended |= hasWaited;
    }

    private String describe(int tid) {
        ThreadTrack holder = threads.track(tid);
        return doing(holder) + (holder.onCpuSince < 0 ? ", off its core" : "");
    }

    private static String doing(ThreadTrack track) {
        String call = track.call == null ? track.faulting ? " in a page fault" : "" : " in " + track.call;
        return track.thread.name + call;
    }

    void contention(RecordedEvent.Contention e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.caused(track);
        track.contends = e.begins() && !e.spins();
        track.callDisturbed |= e.begins();
        track.callContended |= e.begins();
    }
}
