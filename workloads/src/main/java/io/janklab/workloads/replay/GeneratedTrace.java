package io.janklab.workloads.replay;

/// An allocation trace generated with the [Mix] of a recorded one while it is replayed: however long it is, only allocated blocks take up
/// memory. The same records for the same seed.
public final class GeneratedTrace implements HeapTrace {
    private static final String[] NAMES = {
        ThreadRole.MAIN, ThreadRole.RENDER_THREAD, "hwuiTask0", "hwuiTask1", "binder:1", "binder:2", "binder:3", "binder:4"
    };

    private final String mixName;
    private final Mix mix;
    private final long records;
    private final long seed;

    /// @param mixName one of [Mix#NAMES]
    public GeneratedTrace(String mixName, long records, long seed) {
        this.mixName = mixName;
        this.mix = Mix.named(mixName);
        this.records = records;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "generated (" + mixName + ")";
    }

    @Override
    public long records() {
        return records;
    }

    @Override
    public int threadCount() {
        return mix.threadRecords.length;
    }

    /// The busiest thread is the main one, the next busiest the RenderThread; then come hwui's workers, Binder threads and a background
    /// pool.
    @Override
    public ThreadRole role(int thread) {
        return ThreadRole.named(thread < NAMES.length ? NAMES[thread] : "pool-1-thread-" + (thread - NAMES.length + 1));
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    @Override
    public long startNs(long record) {
        throw new UnsupportedOperationException("a generated trace has no times");
    }

    @Override
    public TraceGenerator open() {
        return new TraceGenerator(mix, mixName, records, seed);
    }
}
