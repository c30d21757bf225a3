package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A heap's arenas: the automatic ones, then the one for oversize blocks. Each is made when first needed.
final class Arenas {
    /// Arenas per CPU if the options do not say (`narenas_ratio`).
    private static final int PER_CPU = 4;

    private final Syscalls syscalls;
    private final Emap emap;
    private final HeapOptions options;
    private final HeapOptions oversizeOptions;
    private final HeapCosts costs;
    private final PurgeWaker waker;
    private final long seed;
    private final PthreadMutex mutex;
    private final Arena[] arenas;

    Arenas(Syscalls syscalls, int cpus, Emap emap, HeapOptions options, HeapCosts costs, PurgeWaker waker, long seed) {
        this.syscalls = syscalls;
        this.emap = emap;
        this.options = options;
        this.costs = costs;
        this.waker = waker;
        this.seed = seed;
        this.mutex = syscalls.newMutex("arenas");
        this.oversizeOptions = options.with(atOnce(options, HeapOption.DIRTY_DECAY_MS) + "," + atOnce(options, HeapOption.MUZZY_DECAY_MS));
        int wanted = options.integer(HeapOption.NARENAS);
        int automatic = wanted != 0 ? wanted : cpus == 1 ? 1 : cpus * PER_CPU;
        this.arenas = new Arena[automatic + 1];
    }

    /// The most arenas there may be, the oversize one included.
    int count() {
        return arenas.length;
    }

    /// Null if it has not been needed yet.
    @Nullable Arena get(int index) {
        return arenas[index];
    }

    /// The owner of the extent.
    Arena of(Edata extent) {
        return arenas[extent.arena()];
    }

    /// The arenas that exist.
    List<Integer> indexes() {
        return IntStream.range(0, arenas.length).filter(index -> arenas[index] != null).boxed().toList();
    }

    /// Applies `action` to every existing arena, in order.
    void forEach(Consumer<Arena> action) {
        for (Arena arena : arenas) {
            if (arena != null) {
                action.accept(arena);
            }
        }
    }

    /// The arena of the heap's own memory.
    Arena first(Task task) {
        return make(task, 0, options);
    }

    /// For a new thread: an arena without threads if there is one, else a new one if there may be more, else the one with the fewest
    /// (`arena_choose_hard`).
    Arena choose(Task task) {
        mutex.lock(task);
        Arena least = first(task);
        int unmade = 0;
        for (int i = 1; i < arenas.length - 1; i++) {
            if (arenas[i] == null) {
                unmade = unmade == 0 ? i : unmade;
            } else if (arenas[i].threads < least.threads) {
                least = arenas[i];
            }
        }
        Arena chosen = least.threads > 0 && unmade > 0 ? make(task, unmade, options) : least;
        mutex.unlock(task);
        return chosen;
    }

    /// The arena of oversize blocks. They are few and seldom reused, so decay by ticks would come too late: it purges at once
    /// (`arena_choose_huge`).
    Arena oversize(Task task) {
        return make(task, arenas.length - 1, oversizeOptions);
    }

    private static String atOnce(HeapOptions options, HeapOption decayTime) {
        return decayTime.key() + ":" + Math.min(0, options.number(decayTime));
    }

    private Arena make(Task task, int index, HeapOptions withOptions) {
        if (arenas[index] == null) {
            arenas[index] = new Arena(index, syscalls, emap, withOptions, costs, waker, seed ^ (long) index << 32, task.now());
        }
        return arenas[index];
    }
}
