package io.janklab.allocator.preset;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Purger;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.kernel.syscall.Syscalls;
import java.util.List;

/// Which allocator a process has, and with which options.
public sealed interface HeapConfig {
    /// The names [#of] knows.
    List<String> PRESETS = List.of("jemalloc", "jemalloc-android");

    /// A preset with options of its own changed: `jemalloc-android`, `dirty_decay_ms:1000`.
    ///
    /// @throws IllegalArgumentException for an unknown preset, an unknown key or a bad value
    static HeapConfig of(String preset, String conf) {
        if (!PRESETS.contains(preset)) {
            throw new IllegalArgumentException("there is no heap preset '" + preset + "', only " + String.join(", ", PRESETS));
        }
        return new Jemalloc(HeapOptions.preset(preset).with(conf));
    }

    /// A new heap for a process.
    ///
    /// @param cpus as `sysconf` tells the process
    /// @param seed of the heap's own randomness
    DecayingHeap create(Syscalls syscalls, int cpus, HeapCosts costs, long seed);

    /// Who purges it.
    Purger purger();

    /// The same heap purged by `purger`.
    HeapConfig with(Purger purger);

    /// jemalloc 5.3.
    record Jemalloc(HeapOptions options) implements HeapConfig {
        @Override
        public DecayingHeap create(Syscalls syscalls, int cpus, HeapCosts costs, long seed) {
            return new ArenaHeap(syscalls, cpus, options, costs, seed);
        }

        @Override
        public Purger purger() {
            return options.purger();
        }

        @Override
        public HeapConfig with(Purger purger) {
            return new Jemalloc(options.with(purger));
        }

        @Override
        public String toString() {
            return options.toString();
        }
    }
}
