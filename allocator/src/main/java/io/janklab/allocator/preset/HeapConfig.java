package io.janklab.allocator.preset;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.PurgePolicy;
import io.janklab.allocator.Purger;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.allocator.scudo.ScudoHeap;
import io.janklab.allocator.scudo.ScudoOptions;
import io.janklab.kernel.syscall.Syscalls;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which allocator a process has, and with which options.
public sealed interface HeapConfig {
    /// The names [#of] knows.
    List<String> PRESETS = List.of("jemalloc", "jemalloc-android", "scudo");

    /// A preset with options of its own changed: `jemalloc-android`, `dirty_decay_ms:1000`.
    ///
    /// @throws IllegalArgumentException for an unknown preset, an unknown key or a bad value
    static HeapConfig of(String preset, String conf) {
        return of(preset).with(conf);
    }

    private static HeapConfig of(String preset) {
        return switch (preset) {
            case "jemalloc" -> new Jemalloc(HeapOptions.jemalloc());
            case "jemalloc-android" -> new Jemalloc(HeapOptions.jemallocAndroid());
            case "scudo" -> new Scudo(ScudoOptions.android());
            default -> throw new IllegalArgumentException("there is no heap preset '" + preset + "', only " + String.join(", ", PRESETS));
        };
    }

    /// A new heap for a process.
    ///
    /// @param cpus as `sysconf` reports them
    /// @param seed of the heap's own randomness
    DecayingHeap create(Syscalls syscalls, int cpus, HeapCosts costs, long seed);

    /// Its name: `jemalloc 5.3`.
    String allocator();

    /// Its purger.
    Purger purger();

    /// In words: `Scudo (release_to_os_interval_ms:1000, …), unused pages purged by whichever thread allocates or frees`.
    default String description() {
        String delays = Stream.of(toString().split(",")).filter(option -> option.contains("_ms:")).collect(Collectors.joining(", "));
        return allocator() + " (" + delays + "), unused pages purged by " + purger().words();
    }

    /// The same heap purged by `purger`.
    ///
    /// @throws IllegalArgumentException if this allocator has no such purger
    HeapConfig with(Purger purger);

    /// These options with some changed.
    ///
    /// @throws IllegalArgumentException for an unknown key or a bad value
    HeapConfig with(String conf);

    /// The same heap with another decay time of unused pages (ms), −1 for ever.
    ///
    /// @throws IllegalArgumentException if this allocator cannot
    HeapConfig withDecay(long milliseconds);

    /// The same heap with a purge policy of the user's own.
    ///
    /// @throws IllegalArgumentException if this allocator cannot
    HeapConfig withPurging(Supplier<? extends PurgePolicy> policy);

    /// jemalloc 5.3.
    record Jemalloc(HeapOptions options) implements HeapConfig {
        @Override
        public DecayingHeap create(Syscalls syscalls, int cpus, HeapCosts costs, long seed) {
            return new ArenaHeap(syscalls, cpus, options, costs, seed);
        }

        @Override
        public String allocator() {
            return "jemalloc 5.3";
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
        public HeapConfig with(String conf) {
            return new Jemalloc(options.with(conf));
        }

        @Override
        public HeapConfig withDecay(long milliseconds) {
            return with("dirty_decay_ms:" + milliseconds);
        }

        @Override
        public HeapConfig withPurging(Supplier<? extends PurgePolicy> policy) {
            return new Jemalloc(options.with(policy));
        }

        @Override
        public String toString() {
            return options.toString();
        }
    }

    /// Scudo as Android has it.
    record Scudo(ScudoOptions options) implements HeapConfig {
        @Override
        public DecayingHeap create(Syscalls syscalls, int cpus, HeapCosts costs, long seed) {
            return new ScudoHeap(syscalls, cpus, options, costs, seed);
        }

        @Override
        public String allocator() {
            return "Scudo";
        }

        @Override
        public Purger purger() {
            return options.purger();
        }

        @Override
        public HeapConfig with(Purger purger) {
            return new Scudo(options.with(purger));
        }

        @Override
        public HeapConfig with(String conf) {
            return new Scudo(options.with(conf));
        }

        /// `mallopt(M_DECAY_TIME)`'s option; longer than Android's second is a what-if.
        @Override
        public HeapConfig withDecay(long milliseconds) {
            return with("release_to_os_interval_ms:" + milliseconds);
        }

        @Override
        public HeapConfig withPurging(Supplier<? extends PurgePolicy> policy) {
            throw new IllegalArgumentException("Scudo releases pages by its own rules: a purge policy goes with the presets of jemalloc");
        }

        @Override
        public String toString() {
            return options.toString();
        }
    }
}
