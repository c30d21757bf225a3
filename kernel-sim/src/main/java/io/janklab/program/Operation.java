package io.janklab.program;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The operations of a program, and the arguments they take.
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
    WRITE(Argument.ADDRESS, Argument.LENGTH),
    /// Maps the program's file from that offset on.
    MMAP_FILE(Argument.ADDRESS, Argument.LENGTH, Argument.PROTECTION, Argument.MAP_FLAGS, Argument.LENGTH),
    /// Loads the contents of a page.
    LOAD(Argument.ADDRESS),
    /// Stores a number into a page.
    STORE(Argument.ADDRESS, Argument.NUMBER),
    /// Forks; the child reads the range the given number of times and ends. Answers with what it has read.
    FORK(Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    /// Forks; the child keeps its memory, to the end of the program or to FORK_END.
    FORK_KEEP,
    /// The first child that kept its memory exits.
    FORK_END,
    UFFD_POISON(Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    UFFD_CONTINUE(Argument.ADDRESS, Argument.LENGTH, Argument.NUMBER),
    MLOCK2(Argument.ADDRESS, Argument.LENGTH, Argument.MLOCK_FLAGS),
    MLOCKALL(Argument.MCL_FLAGS),
    MUNLOCKALL,
    /// Writes to a word of every page other than the one that loads and stores use.
    TOUCH(Argument.ADDRESS, Argument.LENGTH),
    /// Reads `/proc/PID/maps`: `whole` if all of the range is mapped, or `hole@N`, N the first page that is not.
    MAPS(Argument.ADDRESS, Argument.LENGTH),
    /// The same of `/proc/PID/smaps`.
    SMAPS(Argument.ADDRESS, Argument.LENGTH),
    /// How many mappings `/proc/PID/maps` has in the range.
    AREAS(Argument.ADDRESS, Argument.LENGTH),
    /// `process_vm_readv(2)`: answers with the number of bytes.
    READV(Argument.ADDRESS, Argument.LENGTH),
    /// `read(2)` of `/proc/PID/mem`: answers with the number of bytes.
    READ_MEM(Argument.ADDRESS, Argument.LENGTH),
    /// `read(2)` of the userfaultfd: waits for the next fault to resolve, and answers with its page.
    UFFD_READ,
    /// `UFFDIO_WAKE`: those who wait for pages of the range look again.
    UFFD_WAKE(Argument.ADDRESS, Argument.LENGTH),
    /// `read(2)` of a file into the range.
    COPY_TO_USER(Argument.ADDRESS, Argument.LENGTH),
    /// `write(2)` of the range to a file.
    COPY_FROM_USER(Argument.ADDRESS, Argument.LENGTH),
    /// Reclaims, as a write to `memory.reclaim` does.
    RECLAIM,
    /// `lru_add_drain_all`: folios that wait in a core's batch join their LRU lists.
    DRAIN,
    /// Every thread of the process ends, and its address space with the last.
    EXIT;

    public static final Set<Operation> USERFAULTFD =
            EnumSet.of(UFFD_REGISTER, UFFD_UNREGISTER, UFFD_COPY, UFFD_ZEROPAGE, UFFD_MOVE, UFFD_WRITEPROTECT, UFFD_POISON, UFFD_CONTINUE,
                    UFFD_READ, UFFD_WAKE);
    /// Operations for a simulated kernel only.
    public static final Set<Operation> SIMULATED_ONLY = EnumSet.range(TOUCH, EXIT);
    /// Operations that recordings of a host's kernel know.
    public static final Set<Operation> ON_HOSTS = EnumSet.range(MMAP, WRITE);
    /// Operations of one process on another.
    public static final Set<Operation> FROM_ELSEWHERE = EnumSet.of(PROCESS_MADVISE, MAPS, SMAPS, AREAS, READV, READ_MEM, RECLAIM, DRAIN);

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
    static @Nullable Operation of(String word) {
        for (Operation operation : values()) {
            if (operation.word().equals(word)) {
                return operation;
            }
        }
        return null;
    }
}
