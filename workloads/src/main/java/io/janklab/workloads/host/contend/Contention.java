package io.janklab.workloads.host.contend;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.AdviceWords;
import java.util.ArrayList;
import java.util.List;

/// A contention workload: purgers fill memory and purge it, over and over, while a victim's operations are timed, one every 0.4 to 1.2 ms.
///
/// The victim has a core to itself; purgers, and the hog beside them, share the others. Of every kind of workload there is one whose
/// purgers use the VMA lock, and two whose purgers are forced to use mmap_lock.
///
/// @param advice MADV_DONTNEED or MADV_FREE
/// @param mebibytes what a purger purges with one call
/// @param purgers how many there are, each with memory of its own
/// @param hog whether a thread that only computes shares the first purger's core
record Contention(Victim victim, int advice, int mebibytes, Range range, int purgers, boolean hog) {
    static final int CORE_OF_VICTIM = 0;

    /// The victim's operation, repeated.
    enum Victim {
        /// mmap of four pages, a store to each, munmap.
        MAPPER,
        /// A store to a fresh page of a VMA of its own.
        FAULTER_ELSEWHERE,
        /// A store to a fresh page of the VMA that is purged, in a part that is not.
        FAULTER_BESIDE,
        /// mprotect of four pages, to read-only and back in turn.
        MPROTECTER;

        boolean faults() {
            return this == FAULTER_ELSEWHERE || this == FAULTER_BESIDE;
        }

        String words() {
            return switch (this) {
                case MAPPER -> "mapper";
                case FAULTER_ELSEWHERE -> "faulter elsewhere";
                case FAULTER_BESIDE -> "faulter in the same VMA";
                case MPROTECTER -> "mprotect";
            };
        }
    }

    /// The memory that is purged, which decides the lock.
    enum Range {
        /// Part of one VMA: the VMA lock.
        ONE_VMA("VMA lock"),
        /// Two VMAs by one call: mmap_lock.
        TWO_VMAS("mmap_lock, two VMAs"),
        /// A VMA that a userfaultfd is armed on: mmap_lock.
        ARMED("mmap_lock, userfaultfd");

        private final String words;

        Range(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static List<Contention> all() {
        List<Contention> all = new ArrayList<>();
        for (Victim victim : Victim.values()) {
            for (int advice : new int[] {Mman.MADV_DONTNEED, Mman.MADV_FREE}) {
                for (int mebibytes : new int[] {1, 8, 64}) {
                    addAll(all, victim, advice, mebibytes);
                }
            }
        }
        return all;
    }

    private static void addAll(List<Contention> all, Victim victim, int advice, int mebibytes) {
        for (Range range : Range.values()) {
            all.add(new Contention(victim, advice, mebibytes, range, 1, false));
            all.add(new Contention(victim, advice, mebibytes, range, 2, false));
            all.add(new Contention(victim, advice, mebibytes, range, 1, true));
        }
    }

    /// The core that a purger is pinned to, of `cores`.
    int coreOfPurger(int purger, int cores) {
        return 1 + purger % (cores - 1);
    }

    /// The same except for the lock: the workloads to compare with each other.
    Contention with(Range other) {
        return new Contention(victim, advice, mebibytes, other, purgers, hog);
    }

    /// `mapper, dontneed 64 MiB, mmap_lock, two VMAs, hog`.
    String name() {
        return victim.words() + ", " + conditions();
    }

    /// Its name without the victim: `dontneed 64 MiB, mmap_lock, two VMAs, hog`.
    String conditions() {
        return purge() + ", " + range.words() + together() + (hog ? ", hog" : "");
    }

    /// The calls that it makes and some hosts refuse, in the language of [io.janklab.workloads.host.program.SyscallProgram].
    List<String> calls() {
        List<String> calls = new ArrayList<>(List.of("madvise @0 1p " + AdviceWords.format(advice)));
        if (range == Range.ARMED) {
            calls.add("uffd_register @0 1p wp");
        }
        if (victim == Victim.MPROTECTER) {
            calls.add("mprotect @0 1p r");
        }
        return calls;
    }

    /// What it has in common with other workloads, a few words each.
    List<String> traits() {
        return List.of(victim.words(), AdviceWords.format(advice), mebibytes + " MiB", range.words(),
                purgers > 1 ? purgers + " purgers" : hog ? "hog" : "one purger");
    }

    /// The operation of a purger: `dontneed 64 MiB`.
    private String purge() {
        return AdviceWords.format(advice) + " " + mebibytes + " MiB";
    }

    /// The operation and the number of purgers: `dontneed 64 MiB, 2 purgers`.
    String purged() {
        return purge() + together();
    }

    private String together() {
        return purgers > 1 ? ", " + purgers + " purgers" : "";
    }
}
