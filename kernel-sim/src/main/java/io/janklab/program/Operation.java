package io.janklab.program;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a program can do, and the arguments it takes.
public enum Operation {
    MMAP(Argument.ADDRESS, Argument.LENGTH, Argument.PROTECTION, Argument.MAP_FLAGS),
    MUNMAP(Argument.ADDRESS, Argument.LENGTH),
    MPROTECT(Argument.ADDRESS, Argument.LENGTH, Argument.PROTECTION),
    MADVISE(Argument.ADDRESS, Argument.LENGTH, Argument.ADVICE),
    /// On this process itself: two ranges, one advice.
    PROCESS_MADVISE(Argument.ADDRESS, Argument.LENGTH, Argument.ADDRESS, Argument.LENGTH, Argument.ADVICE),
    /// Address, old length, new length, flags, new address.
    MREMAP(Argument.ADDRESS, Argument.LENGTH, Argument.LENGTH, Argument.REMAP_FLAGS, Argument.ADDRESS),
    MLOCK(Argument.ADDRESS, Argument.LENGTH),
    MUNLOCK(Argument.ADDRESS, Argument.LENGTH),
    /// Answers with a digit per page.
    MINCORE(Argument.ADDRESS, Argument.LENGTH),
    /// Address, length, flags (there are none).
    MSEAL(Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    /// `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)`.
    SET_ANON_NAME(Argument.ADDRESS, Argument.LENGTH, Argument.NAME),
    UFFD_REGISTER(Argument.ADDRESS, Argument.LENGTH, Argument.UFFD_MODES),
    UFFD_UNREGISTER(Argument.ADDRESS, Argument.LENGTH),
    /// Destination, source, length, mode.
    UFFD_COPY(Argument.ADDRESS, Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    UFFD_ZEROPAGE(Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    /// Destination, source, length, mode.
    UFFD_MOVE(Argument.ADDRESS, Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    UFFD_WRITEPROTECT(Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    /// Loads the stamp of every page of a range.
    READ(Argument.ADDRESS, Argument.LENGTH),
    /// Stores a stamp into every page of a range.
    WRITE(Argument.ADDRESS, Argument.LENGTH);

    public static final Set<Operation> USERFAULTFD =
            EnumSet.of(UFFD_REGISTER, UFFD_UNREGISTER, UFFD_COPY, UFFD_ZEROPAGE, UFFD_MOVE, UFFD_WRITEPROTECT);

    private final List<Argument> arguments;

    Operation(Argument... arguments) {
        this.arguments = List.of(arguments);
    }

    public List<Argument> arguments() {
        return arguments;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The operation of that name, or null.
    static Operation of(String word) {
        for (Operation operation : values()) {
            if (operation.word().equals(word)) {
                return operation;
            }
        }
        return null;
    }
}
