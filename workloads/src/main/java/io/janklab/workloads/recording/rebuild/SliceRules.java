package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Op;
import org.jspecify.annotations.Nullable;

/// Slices that a program marks, and probed functions: frames and the operation that is asked for are kept, others are passed over.
final class SliceRules {
    private final Ledger ledger;
    private final RecordedThreads threads;
    private final FrameRules frames;
    private final @Nullable String operation;
    /// A function's two probes; −1 if the recording does not say.
    private long probeCostNs = -1;

    /// @param operation a slice or a probe whose latency is asked for; null for none
    SliceRules(Ledger ledger, RecordedThreads threads, FrameRules frames, @Nullable String operation) {
        this.ledger = ledger;
        this.threads = threads;
        this.frames = frames;
        this.operation = operation;
    }

    void begin(RecordedEvent.SliceBegin e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.caused(track);
        boolean isOperation = operation != null && e.name().equals(operation);
        int name = -1;
        long token = 0;
        ledger.workload.marks.add(e.name());
        if (isOperation || frames.isFrame(e.name())) {
            token = frames.begin(track, e.name(), ledger.now());
            name = ledger.workload.number(isOperation ? e.name() : frames.family(e.name()));
            ledger.op(track, Op.SLICE_BEGIN, name, token);
        }
        track.slices.push(new ThreadTrack.OpenSlice(name, token, ledger.now()));
    }

    void end(RecordedEvent.SliceEnd e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.caused(track);
        ThreadTrack.OpenSlice slice = track.slices.poll();
        if (slice == null || slice.name() < 0) {
            return;
        }
        ledger.op(track, Op.SLICE_END, slice.token());
        String name = ledger.workload.names.get(slice.name());
        boolean isOperation = name.equals(operation);
        took(track, isOperation ? ObservedFigures.operation(name) : name, slice.began());
        if (!isOperation) {
            frames.end(name, slice, ledger.now());
        }
    }

    private void took(ThreadTrack track, String key, long began) {
        ledger.workload.figuresOf(track.thread.tgid).latencies.add(key, track.thread.name, ledger.now() - began);
    }

    void probeCost(long ns) {
        probeCostNs = ns;
    }

    /// The two traps cost as much before the moments that they tell as after them.
    private void trapped(ThreadTrack track) {
        ledger.traced(track, probeCostNs < 0 ? ledger.eventCost() / 2 : probeCostNs / 4);
    }

    void enter(RecordedEvent.FunctionEnter e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.acts(track);
        trapped(track);
        ledger.workload.marks.add(e.probe());
        if (e.probe().equals(operation)) {
            ledger.op(track, Op.SLICE_BEGIN, ledger.workload.number(e.probe()), 0);
            track.functions.push(new ThreadTrack.OpenFunction(e.function(), ledger.now()));
        }
        trapped(track);
    }

    /// A function that returned without its probe (a longjmp, an exception) ends with the one that had called it.
    void leave(RecordedEvent.FunctionReturn e) {
        ThreadTrack track = threads.track(e.tid());
        ledger.acts(track);
        trapped(track);
        if (operation != null && track.functions.stream().anyMatch(open -> returnsFrom(open, e))) {
            ThreadTrack.OpenFunction open;
            do {
                open = track.functions.pop();
                ledger.op(track, Op.SLICE_END, 0);
            } while (!returnsFrom(open, e));
            took(track, ObservedFigures.operation(operation), open.began());
        }
        trapped(track);
    }

    private boolean returnsFrom(ThreadTrack.OpenFunction open, RecordedEvent.FunctionReturn e) {
        return open.function() < 0 || e.function() < 0 ? e.probe().equals(operation) : open.function() == e.function();
    }
}
