package io.janklab.workloads.host.program;

import io.janklab.program.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What random programs are made of; the more often a call is named, the more often it comes.
public enum ProgramKind {
    /// Private anonymous memory. Programs hold several mappings before they take any away.
    ANONYMOUS,
    /// The same, with children that look at its pages, or keep them.
    FORK(Operation.FORK, Operation.FORK, Operation.FORK_KEEP, Operation.FORK_END, Operation.WRITE, Operation.WRITE),
    /// The same, with private and shared mappings of a file.
    FILES(Operation.MMAP_FILE, Operation.MMAP_FILE, Operation.MMAP_FILE, Operation.MMAP_FILE, Operation.READ, Operation.WRITE),
    /// The same as ANONYMOUS, with shared anonymous memory (`shared|anonymous`), a shared file and children that share both.
    SHARED(Operation.UFFD_CONTINUE, Operation.UFFD_COPY,
            Operation.MMAP, Operation.MMAP, Operation.MMAP_FILE, Operation.MMAP_FILE, Operation.FORK, Operation.FORK_KEEP,
            Operation.FORK_END, Operation.READ, Operation.WRITE, Operation.WRITE),
    /// Private anonymous memory in whole page tables' worth, which asks for huge pages; children share some of it.
    HUGE(Operation.MADVISE, Operation.MADVISE, Operation.MADVISE, Operation.FORK, Operation.FORK_KEEP, Operation.FORK_END, Operation.WRITE,
            Operation.WRITE, Operation.WRITE, Operation.READ, Operation.READ);

    private static final List<Operation> COMMON = List.of(
            Operation.MMAP, Operation.MMAP, Operation.MMAP, Operation.MUNMAP, Operation.MPROTECT, Operation.MPROTECT,
            Operation.MADVISE, Operation.MADVISE, Operation.MADVISE, Operation.PROCESS_MADVISE, Operation.MREMAP,
            Operation.MREMAP, Operation.MLOCK, Operation.MLOCK2, Operation.MLOCKALL, Operation.MUNLOCK, Operation.MUNLOCKALL,
            Operation.MINCORE, Operation.MSEAL,
            Operation.SET_ANON_NAME, Operation.UFFD_REGISTER, Operation.UFFD_REGISTER, Operation.UFFD_UNREGISTER,
            Operation.UFFD_COPY, Operation.UFFD_ZEROPAGE, Operation.UFFD_MOVE, Operation.UFFD_WRITEPROTECT, Operation.UFFD_POISON,
            Operation.READ, Operation.WRITE, Operation.WRITE);

    private final List<Operation> own;

    ProgramKind(Operation... own) {
        this.own = List.of(own);
    }

    /// What such programs do without, as lines of [KnownDifferences].
    public List<String> leftOut() {
        return switch (this) {
            case HUGE -> List.of("uffd_writeprotect: splits huge pages here.", "uffd_move: splits huge pages here.");
            case SHARED -> List.of("madvise guard-install: never ends on shared memory that a userfaultfd write-protects (6.15).");
            case ANONYMOUS, FORK, FILES -> List.of();
        };
    }

    /// Whether its programs get huge pages.
    public boolean isHuge() {
        return this == HUGE;
    }

    /// The share of mappings of anonymous memory that are shared ones.
    public double shareOfShared() {
        return this == SHARED ? 0.6 : 0;
    }

    public List<Operation> mix() {
        List<Operation> mix = new ArrayList<>(COMMON);
        mix.addAll(own);
        return mix;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
