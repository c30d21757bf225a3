package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.Op;
import org.jspecify.annotations.Nullable;

/// Slices that a program marks: frames and the operation that is asked for are kept, others are passed over.
final class SliceRules {
    private final Ledger ledger;
    private final RecordedThreads threads;
    private final FrameRules frames;
    private final @Nullable String operation;

    /// @param operation a slice whose latency is asked for; null for none
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
        ledger.workload.figuresOf(track.thread.tgid).latencies.add(isOperation ? "operation " + name : name, track.thread.name,
                ledger.now() - slice.began());
        if (!isOperation) {
            frames.end(name, slice, ledger.now());
        }
    }
}
