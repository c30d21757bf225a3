package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.Op;
import java.util.Map;

/// Page faults: each is one access, made again at the same place in its thread's order, once the memory is there.
final class FaultRules {
    private final Ledger ledger;
    private final RecordedThreads threads;

    FaultRules(Ledger ledger, RecordedThreads threads) {
        this.ledger = ledger;
        this.threads = threads;
    }

    /// The time of an undisturbed fault (ns); 0 if unknown.
    long costNs() {
        return ledger.faultCost.ns();
    }

    void fault(RecordedEvent.Fault e) {
        ThreadTrack track = threads.track(e.tid());
        boolean wasOnCore = track.onCpuSince >= 0;
        ledger.acts(track);
        ledger.faultCost.fault(track, ledger.now(), e.address(), ledger.eventCost(), wasOnCore);
        track.callEvents++;
        ledger.figuresOf(track.thread.tgid).faults++;
        track.thread.faults++;
        ledger.mmEvent(track.thread.tgid);
        ledger.workload.hasFaults = true;
        if (track.isMmCall) {
            track.traced += ledger.eventCost();
        } else {
            ledger.traced(track);
            track.faulting = true;
            track.faultsSince = ledger.now();
        }
        if (e.address() < 0) {
            return;
        }
        boolean writes = e.access() == RecordedEvent.Access.WRITE || e.access() == RecordedEvent.Access.UNKNOWN;
        long how = (writes ? Op.WRITES : 0) | (e.user() ? 0 : Op.IN_KERNEL);
        // execve sets up the new address space before it says that there is one.
        if (track.execFaults != null && threads.map(track).find(e.address()) == null) {
            track.execFaults.add(new ThreadTrack.ExecFault(e.address(), how));
        } else {
            touch(track, e.address(), how);
        }
    }

    private void touch(ThreadTrack track, long address, long how) {
        AddressMap map = threads.map(track);
        AddressMap.Piece piece = map.find(address);
        int self = track.thread.index;
        boolean isOfAnother = piece != null && piece.shaper >= 0 && piece.shaper != self;
        if (piece == null) {
            map.touchUnknown(address);
        } else if (isOfAnother && !piece.users.containsKey(self)) {
            ledger.op(track, Op.NEEDS, piece.shaper, piece.op);
        }
        ledger.op(track, Op.TOUCH, address, how);
        if (piece != null && isOfAnother) {
            piece.users.put(self, track.thread.ops.count());
        }
        track.touchedAt = track.thread.ops.count();
    }

    /// No memory is taken away before it has been used.
    void needUsers(ThreadTrack track, long start, long end) {
        need(track, threads.map(track).usersOf(start, end));
    }

    /// The kernel maps nothing where something is: an address that it gave out again had been unmapped before.
    void needFreers(ThreadTrack track, long start, long end) {
        need(track, threads.map(track).freersOf(start, end));
    }

    private void need(ThreadTrack track, Map<Integer, Integer> others) {
        others.entrySet().stream().filter(use -> use.getKey() != track.thread.index)
                .sorted(Map.Entry.comparingByKey()).forEach(use -> ledger.op(track, Op.NEEDS, use.getKey(), use.getValue()));
    }

    void beginExec(ThreadTrack track) {
        track.execFaults = new java.util.ArrayList<>();
    }

    /// `execve` has made the new address space, or failed: what faulted meanwhile was of the one or the other.
    void endExec(ThreadTrack track) {
        if (track.execFaults != null) {
            track.execFaults.forEach(fault -> touch(track, fault.address(), fault.how()));
            track.execFaults = null;
        }
    }
}
