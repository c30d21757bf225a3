package io.janklab.allocator.arena;

import io.janklab.allocator.HeapStats;
import io.janklab.kernel.cpu.Task;
import java.util.function.Consumer;

/// The settings that a program may change on a live heap, by `mallctl` name (`src/ctl.c`). Counters are read by [ArenaHeap#stats].
public final class Mallctl {
    private final ArenaHeap heap;

    Mallctl(ArenaHeap heap) {
        this.heap = heap;
    }

    /// Executes `arena.<i>.purge`, `arena.<i>.decay` (4096 for all arenas) or `thread.tcache.flush`. Decay is a tick's (`arena_i_decay`):
    /// purged is what is due at the end of an epoch.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public void run(Task task, String name) {
        if (name.equals("thread.tcache.flush")) {
            heap.flushCache(task);
            return;
        }
        String[] parts = arenaParts(name);
        switch (parts[2]) {
            case "purge" -> forArenas(task, name, parts[1], arena -> arena.purge(task));
            case "decay" -> forArenas(task, name, parts[1], arena -> arena.decay(task, false));
            default -> throw HeapStats.unknown(name);
        }
    }

    /// Sets `arena.<i>.dirty_decay_ms` or `arena.<i>.muzzy_decay_ms` (4096 for all there are, as `mallopt(M_DECAY_TIME)` does).
    ///
    /// @throws IllegalArgumentException if there is none of that name, or the value is below −1
    public void write(Task task, String name, long value) {
        String[] parts = arenaParts(name);
        if (value < -1) {
            throw new IllegalArgumentException(name + " takes a number of milliseconds from 0 on, or -1, not " + value);
        }
        switch (parts[2]) {
            case "dirty_decay_ms" -> forArenas(task, name, parts[1], arena -> arena.setDirtyDecay(task, value));
            case "muzzy_decay_ms" -> forArenas(task, name, parts[1], arena -> arena.setMuzzyDecay(task, value));
            default -> throw HeapStats.unknown(name);
        }
    }

    /// Reads a value of the calling thread: `thread.allocated`, `thread.deallocated` (bytes) or `thread.arena`.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public long read(Task task, String name) {
        ThreadState thread = heap.allocating(task);
        return switch (name) {
            case "thread.allocated" -> thread.allocated();
            case "thread.deallocated" -> thread.deallocated();
            case "thread.arena" -> thread.arena().index();
            default -> throw HeapStats.unknown(name);
        };
    }

    private static String[] arenaParts(String name) {
        String[] parts = name.split("\\.");
        if (parts.length != 3 || !parts[0].equals("arena")) {
            throw HeapStats.unknown(name);
        }
        return parts;
    }

    /// The first arena has been there since jemalloc began; others may not have been needed yet.
    private void forArenas(Task task, String name, String text, Consumer<Arena> action) {
        heap.arenas().first(task);
        int index = ArenaCounters.index(name, text, HeapCounters.ALL + 1);
        if (index == HeapCounters.ALL) {
            heap.arenas().forEach(action);
        } else if (index >= heap.arenas().count()) {
            throw HeapStats.unknown(name);
        } else if (heap.arenas().get(index) != null) {
            action.accept(heap.arenas().get(index));
        }
    }
}
