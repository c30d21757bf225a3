package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.mm.space.VmFlags.*;
import static io.janklab.kernel.uapi.Mman.*;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The behaviours of `madvise(2)`: the lock of each, and what it does to memory. In Linux 6.17 they are spread over `get_lock_mode`,
/// `madvise_batch_tlb_flush`, `is_discard`, `process_madvise_remote_valid`, `is_madvise_populate` and `madvise_vma_behavior`; before it,
/// `madvise_need_mmap_write` chose the lock.
enum Advice {
    NORMAL(MADV_NORMAL, Flags.change(0, VM_RAND_READ | VM_SEQ_READ)),
    RANDOM(MADV_RANDOM, Flags.change(VM_RAND_READ, VM_SEQ_READ)),
    SEQUENTIAL(MADV_SEQUENTIAL, Flags.change(VM_SEQ_READ, VM_RAND_READ)),
    DONTFORK(MADV_DONTFORK, Flags.change(VM_DONTCOPY, 0), Trait.DISCARDS),
    DOFORK(MADV_DOFORK, Flags.change(0, VM_DONTCOPY)),
    WIPEONFORK(MADV_WIPEONFORK, Flags.change(VM_WIPEONFORK, 0), Trait.DISCARDS),
    KEEPONFORK(MADV_KEEPONFORK, Flags.change(0, VM_WIPEONFORK)),
    DONTDUMP(MADV_DONTDUMP, Flags.change(VM_DONTDUMP, 0)),
    DODUMP(MADV_DODUMP, Flags.change(0, VM_DONTDUMP)),
    HUGEPAGE(MADV_HUGEPAGE, Flags.change(VM_HUGEPAGE, VM_NOHUGEPAGE)),
    NOHUGEPAGE(MADV_NOHUGEPAGE, Flags.change(VM_NOHUGEPAGE, VM_HUGEPAGE)),
    MERGEABLE(MADV_MERGEABLE, Flags.change(VM_MERGEABLE, 0)),
    UNMERGEABLE(MADV_UNMERGEABLE, Flags.change(0, VM_MERGEABLE)),

    DONTNEED(MADV_DONTNEED, Switch.MADVISE_DONTNEED_LOCK, Trait.GATHERS, Trait.DISCARDS),
    DONTNEED_LOCKED(MADV_DONTNEED_LOCKED, Switch.MADVISE_DONTNEED_LOCK, Trait.GATHERS, Trait.DISCARDS),
    FREE(MADV_FREE, Switch.MADVISE_FREE_LOCK, Trait.GATHERS, Trait.DISCARDS),
    GUARD_INSTALL(MADV_GUARD_INSTALL, Switch.MADVISE_GUARD_LOCK, Trait.DISCARDS),
    GUARD_REMOVE(MADV_GUARD_REMOVE, Switch.MADVISE_GUARD_LOCK),

    REMOVE(MADV_REMOVE, MadviseLock.MMAP_READ_LOCK, Trait.DISCARDS),
    COLD(MADV_COLD, MadviseLock.MMAP_READ_LOCK, Trait.HINTS),
    PAGEOUT(MADV_PAGEOUT, MadviseLock.MMAP_READ_LOCK, Trait.HINTS),
    WILLNEED(MADV_WILLNEED, MadviseLock.MMAP_READ_LOCK, Trait.HINTS),
    COLLAPSE(MADV_COLLAPSE, MadviseLock.MMAP_READ_LOCK, Trait.HINTS),
    POPULATE_READ(MADV_POPULATE_READ, MadviseLock.MMAP_READ_LOCK, Trait.POPULATES),
    POPULATE_WRITE(MADV_POPULATE_WRITE, MadviseLock.MMAP_READ_LOCK, Trait.POPULATES),

    HWPOISON(MADV_HWPOISON, MadviseLock.NO_LOCK),
    SOFT_OFFLINE(MADV_SOFT_OFFLINE, MadviseLock.NO_LOCK);

    /// Properties of a behaviour.
    private enum Trait {
        /// The pages of several mappings may be flushed and freed together (`madvise_batch_tlb_flush`).
        GATHERS,
        /// A seal forbids it on memory that could not be written to anyway.
        DISCARDS,
        /// Takes and drops mmap_lock as it goes.
        POPULATES,
        /// May be applied to another process.
        HINTS
    }

    /// The flags that a behaviour that only changes a VMA's flags sets and clears.
    private record Flags(int set, int clear) {
        static Flags change(int set, int clear) {
            return new Flags(set, clear);
        }
    }

    private final int number;
    private final MadviseLock lock;
    /// The profile's decision that overrides `lock`, if any.
    private final @Nullable Switch decision;
    private final Flags flags;
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

    Advice(int number, Flags flags, Trait... traits) {
        this(number, MadviseLock.MMAP_WRITE_LOCK, null, flags, traits);
    }

    Advice(int number, Switch decision, Trait... traits) {
        this(number, MadviseLock.MMAP_READ_LOCK, decision, Flags.change(0, 0), traits);
    }

    Advice(int number, MadviseLock lock, Trait... traits) {
        this(number, lock, null, Flags.change(0, 0), traits);
    }

    Advice(int number, MadviseLock lock, @Nullable Switch decision, Flags flags, Trait... traits) {
        this.number = number;
        this.lock = lock;
        this.decision = decision;
        this.flags = flags;
        this.traits.addAll(Set.of(traits));
    }

    /// The MADV_ number.
    int number() {
        return number;
    }

    /// `madvise_behavior_valid`.
    boolean isKnownTo(KernelProfile profile) {
        return switch (this) {
            case MERGEABLE, UNMERGEABLE -> profile.is(Switch.KSM, SwitchValue.ON);
            case HWPOISON, SOFT_OFFLINE -> profile.is(Switch.MEMORY_FAILURE, SwitchValue.ON);
            case POPULATE_READ, POPULATE_WRITE, DONTNEED_LOCKED, COLLAPSE -> number <= newest(profile);
            case GUARD_INSTALL, GUARD_REMOVE -> !profile.is(Switch.MADVISE_GUARD_LOCK, SwitchValue.NONE);
            default -> true;
        };
    }

    /// `madvise.known`.
    private static int newest(KernelProfile profile) {
        return switch (profile.choice(Switch.MADVISE_KNOWN)) {
            case PAGEOUT -> MADV_PAGEOUT;
            case POPULATE_WRITE -> MADV_POPULATE_WRITE;
            case DONTNEED_LOCKED -> MADV_DONTNEED_LOCKED;
            default -> MADV_COLLAPSE;
        };
    }

    /// The lock it takes in a kernel that supports it.
    MadviseLock lockIn(KernelProfile profile) {
        return decision != null && profile.is(decision, SwitchValue.VMA) ? MadviseLock.VMA_READ_LOCK : lock;
    }

    boolean gathersInOneFlush() {
        return traits.contains(Trait.GATHERS);
    }

    boolean discards() {
        return traits.contains(Trait.DISCARDS);
    }

    boolean populates() {
        return traits.contains(Trait.POPULATES);
    }

    /// Whether process_madvise applies it to another process (`process_madvise_remote_valid`).
    boolean isHint(KernelProfile profile) {
        return traits.contains(Trait.HINTS) && (this != WILLNEED || newest(profile) > MADV_PAGEOUT);
    }

    /// The new flags of a VMA (`madvise_vma_behavior`).
    int newFlags(int old) {
        return (old & ~flags.clear) | flags.set;
    }
}
