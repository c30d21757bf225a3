package io.janklab.workloads.replay;

import io.janklab.allocator.HeapStats;
import java.util.function.ToLongFunction;

/// The host's jemalloc's own statistics.
record HostJemallocStats(ToLongFunction<String> mallctl) implements HeapStats {
    @Override
    public long allocated() {
        return get("stats.allocated");
    }

    @Override
    public long active() {
        return get("stats.active");
    }

    @Override
    public long metadata() {
        return get("stats.metadata");
    }

    @Override
    public long resident() {
        return get("stats.resident");
    }

    @Override
    public long mapped() {
        return get("stats.mapped");
    }

    @Override
    public long dirty() {
        return get("stats.arenas.4096.pdirty") * get("arenas.page");
    }

    @Override
    public long muzzy() {
        return get("stats.arenas.4096.pmuzzy") * get("arenas.page");
    }

    @Override
    public long retained() {
        return get("stats.retained");
    }

    @Override
    public long get(String name) {
        return mallctl.applyAsLong(name);
    }
}
