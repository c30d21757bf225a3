package io.janklab.workloads.host.program;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.AnonNames;
import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.program.Operation;
import io.janklab.program.Region;
import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/// Random programs, fond of edges: neighbours that may merge, ranges over holes and several VMAs, page-table borders, misaligned and
/// overflowing arguments.
public final class SyscallProgramGenerator {
    /// Programs keep to a few pages, so that their calls overlap; some lie on the border of two page tables.
    private static final int WINDOW_PAGES = 24;
    private static final int[] WINDOWS = {0, 512 - WINDOW_PAGES / 2, 1024 - WINDOW_PAGES};
    private static final int[] PROTECTIONS = {
        Mman.PROT_RW, Mman.PROT_RW, Mman.PROT_RW, Mman.PROT_READ, Mman.PROT_READ, Mman.PROT_NONE, Mman.PROT_WRITE, Mman.PROT_EXEC,
                Mman.PROT_READ | Mman.PROT_EXEC
    };
    private static final int[] FREQUENT_ADVICE = {
        Mman.MADV_DONTNEED, Mman.MADV_DONTNEED, Mman.MADV_FREE, Mman.MADV_FREE, Mman.MADV_GUARD_INSTALL, Mman.MADV_GUARD_REMOVE,
                Mman.MADV_POPULATE_WRITE
    };
    private static final int[] HUGE_ADVICE =
            {Mman.MADV_HUGEPAGE, Mman.MADV_HUGEPAGE, Mman.MADV_HUGEPAGE, Mman.MADV_NOHUGEPAGE, Mman.MADV_COLLAPSE};
    private static final int[] REMAP_FLAGS = {
        0,
        Mman.MREMAP_MAYMOVE,
        Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED,
        Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED,
        Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP,
        Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED | Mman.MREMAP_DONTUNMAP,
        Mman.MREMAP_FIXED,
        8
    };
    /// The pages that one page table maps.
    private static final int PAGES_OF_TABLE = 512;
    private static final long TABLE_BYTES = PAGES_OF_TABLE * Region.PAGE;
    private static final int TABLES = Region.PAGES / PAGES_OF_TABLE;
    private static final int ADVICE_MAX = 26;
    /// Which argument of MMAP_FILE says where in the file.
    private static final int OFFSET = 4;

    private final RandomStream random;
    private final List<Operation> operations;
    /// Of mappings of anonymous memory.
    private final double shareOfShared;
    /// Whether ranges are those of whole page tables as a rule.
    private final boolean huge;
    private final KnownDifferences avoided;
    private int window;

    /// @param operations the operations of programs; the more often one is named, the more often it occurs
    /// @param avoided calls that programs leave out
    public SyscallProgramGenerator(long seed, List<Operation> operations, KnownDifferences avoided) {
        this(seed, operations, 0, false, avoided);
    }

    /// Programs of that kind, without the calls that are avoided.
    public SyscallProgramGenerator(long seed, ProgramKind kind, KnownDifferences avoided) {
        this(seed, kind.mix(), kind.shareOfShared(), kind.isHuge(), avoided.and(kind.leftOut()));
    }

    private SyscallProgramGenerator(long seed, List<Operation> operations, double shareOfShared, boolean huge, KnownDifferences avoided) {
        this.shareOfShared = shareOfShared;
        this.huge = huge;
        this.random = new Simulation(seed).random("conform/program");
        this.operations = List.copyOf(operations);
        this.avoided = avoided;
    }

    public SyscallProgram next(int calls) {
        window = WINDOWS[random.nextInt(WINDOWS.length)];
        List<Call> program = new ArrayList<>(calls);
        while (program.size() < calls) {
            Call call = call(operations.get(random.nextInt(operations.size())));
            boolean harmless = Confinement.permits(call) && Confinement.sparesTheRest(call) && Confinement.canBeUndone(call);
            if (harmless && avoided.reason(call) == null) {
                program.add(call);
            }
        }
        return new SyscallProgram(program);
    }

    private Call call(Operation operation) {
        long[] arguments = new long[operation.arguments().size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(operation, i);
        }
        return Call.of(operation, arguments);
    }

    private long argument(Operation operation, int i) {
        boolean touches = operation == Operation.READ || operation == Operation.WRITE || operation == Operation.FORK;
        return switch (operation.arguments().get(i)) {
            case ADDRESS -> touches ? page() : address();
            case LENGTH -> length(operation, i, touches);
            case PROTECTION -> random.chance(0.01) ? 1L << random.nextInt(31) : PROTECTIONS[random.nextInt(PROTECTIONS.length)];
            case MAP_FLAGS -> operation == Operation.MMAP_FILE ? fileFlags() : anonymousFlags();
            case REMAP_FLAGS -> REMAP_FLAGS[random.nextInt(REMAP_FLAGS.length)];
            case MLOCK_FLAGS -> random.chance(0.9) ? Mman.MLOCK_ONFAULT : random.nextInt(4);
            case MCL_FLAGS -> random.nextInt(16);
            case UFFD_MODES -> 1 + random.nextInt(shareOfShared > 0 ? 7 : 3);
            case NUMBER -> random.chance(0.8) ? 0 : random.nextInt(5);
            case NAME -> random.nextInt(AnonNames.count());
            case ADVICE -> advice();
        };
    }

    private long length(Operation operation, int i, boolean touches) {
        if (operation == Operation.MMAP_FILE && i == OFFSET) {
            return offset();
        }
        return touches ? pages(8) : operation == Operation.MSEAL && random.chance(0.5) ? beyondTheEnd() : length();
    }

    private long page() {
        if (huge) {
            int table = random.nextInt(TABLES) * PAGES_OF_TABLE;
            return Region.page(random.chance(0.7) ? table : table + random.nextInt(PAGES_OF_TABLE));
        }
        return Region.page(window + random.nextInt(WINDOW_PAGES));
    }

    /// Misaligned ones lie beyond the page's stamp.
    private long address() {
        return random.chance(0.02) ? page() + Long.BYTES + random.nextInt((int) Region.PAGE - Long.BYTES) : page();
    }

    private long pages(int most) {
        return (1 + random.nextInt(most)) * Region.PAGE;
    }

    /// No range that begins in a window reaches beyond the region, except lengths that are refused.
    private long length() {
        if (huge && random.chance(0.7)) {
            return (1 + random.nextInt(2)) * TABLE_BYTES;
        }
        if (random.chance(0.9)) {
            return pages(WINDOW_PAGES / 2);
        }
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> pages(4) + 1 + random.nextInt((int) Region.PAGE - 1);
            case 3 -> TABLE_BYTES + random.nextInt(3) * TABLE_BYTES / 2;
            case 4 -> -1 - random.nextLong(2 * Region.PAGE);
            default -> -(Region.START + random.nextLong(Region.PAGES * Region.PAGE));
        };
    }

    /// Some of it lies beyond the region, from most addresses.
    private long beyondTheEnd() {
        return (5 + random.nextInt(6)) * Region.GAP;
    }

    private long mapFlags() {
        int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;
        if (random.chance(0.8)) {
            flags |= Mman.MAP_FIXED;
        }
        if (random.chance(0.1)) {
            flags |= Mman.MAP_FIXED_NOREPLACE;
        }
        if (random.chance(0.05)) {
            flags |= Mman.MAP_NORESERVE;
        }
        if (random.chance(0.05)) {
            flags |= Mman.MAP_POPULATE;
        }
        if (random.chance(0.05)) {
            flags |= Mman.MAP_LOCKED;
        }
        if (random.chance(0.05)) {
            flags |= Mman.MAP_GROWSDOWN;
        }
        return random.chance(0.01) ? flags & ~Mman.MAP_PRIVATE : flags;
    }

    private long anonymousFlags() {
        long flags = mapFlags();
        return shareOfShared > 0 && random.chance(shareOfShared) ? flags ^ (Mman.MAP_PRIVATE | Mman.MAP_SHARED) : flags;
    }

    private long fileFlags() {
        long flags = mapFlags() & ~(Mman.MAP_ANONYMOUS | Mman.MAP_GROWSDOWN);
        return random.chance(0.5) ? flags ^ (Mman.MAP_PRIVATE | Mman.MAP_SHARED) : flags;
    }

    /// Some of it lies beyond the file's end, seldom all.
    private long offset() {
        return random.chance(0.02) ? pages(4) + 1 : random.nextInt(Region.FILE_PAGES + 2) * Region.PAGE;
    }

    private long advice() {
        if (huge && random.chance(0.5)) {
            return HUGE_ADVICE[random.nextInt(HUGE_ADVICE.length)];
        }
        if (random.chance(0.5)) {
            return FREQUENT_ADVICE[random.nextInt(FREQUENT_ADVICE.length)];
        }
        return random.chance(0.05) ? random.nextInt(2000) : random.nextInt(ADVICE_MAX);
    }
}
