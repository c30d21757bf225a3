package io.janklab.workloads.host.measure;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Region;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The small experiments that calibration is made of. Each runs once and gives ns per call, fault or page.
///
/// The slope over many pages is used wherever one call's own cost would blur the result.
public final class Probes {
    public static final int PAGES = 512;
    private static final int MANY = 8 * PAGES;
    private static final int CALLS = 200;
    private static final int TABLES = 64;
    private static final long HUGE = 512 * Region.PAGE;
    private static final long NO_FD = -1;
    private static final int ANONYMOUS = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;

    private final HostSyscalls linux = new HostSyscalls();
    /// Far below where the kernel places new mappings, so that holes made here stay holes.
    private final long arena = 1L << 44;
    /// The last of the arena's tables.
    private final long fileMapping = arena + (TABLES - 1) * HUGE;
    private final long file;
    private final MemorySegment memory;

    public Probes() {
        mapArena();
        file = linux.memfd("probes", HUGE);
        memory = MemorySegment.ofAddress(arena).reinterpret(TABLES * HUGE);
    }

    /// Fresh memory without page tables, in place of the old mapping.
    private void mapArena() {
        map(arena, TABLES * HUGE, Mman.PROT_RW, ANONYMOUS | Mman.MAP_NORESERVE | Mman.MAP_FIXED);
        advise(arena, TABLES * HUGE, Mman.MADV_NOHUGEPAGE);
    }

    private long map(long address, long length, int protection, int flags) {
        return linux.require(SystemCall.MMAP, address, length, protection, flags, NO_FD, 0);
    }

    private void advise(long address, long length, int advice) {
        linux.require(SystemCall.MADVISE, address, length, advice, 0, 0, 0);
    }

    private void protect(long address, long length, int protection) {
        linux.require(SystemCall.MPROTECT, address, length, protection, 0, 0, 0);
    }

    private void write(int pages) {
        for (int page = 0; page < pages; page++) {
            memory.set(ValueLayout.JAVA_BYTE, page * Region.PAGE, (byte) 1);
        }
    }

    private int read(int pages) {
        int sum = 0;
        for (int page = 0; page < pages; page++) {
            sum += memory.get(ValueLayout.JAVA_BYTE, page * Region.PAGE);
        }
        return sum;
    }

    /// The table stays: one page at its end is kept.
    private void empty() {
        advise(arena, HUGE - Region.PAGE, Mman.MADV_DONTNEED);
        memory.set(ValueLayout.JAVA_BYTE, HUGE - Region.PAGE, (byte) 1);
    }

    public double syscall() {
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            linux.call(SystemCall.GETPPID, 0, 0);
        }
        return (double) (System.nanoTime() - began) / CALLS;
    }

    public double clearPage() {
        long began = System.nanoTime();
        memory.asSlice(0, HUGE).fill((byte) 0);
        return (double) (System.nanoTime() - began) / PAGES;
    }

    public double writeFault() {
        empty();
        long began = System.nanoTime();
        write(PAGES - 1);
        return (double) (System.nanoTime() - began) / (PAGES - 1);
    }

    public double readFault() {
        empty();
        long began = System.nanoTime();
        int sum = read(PAGES - 1);
        return (double) (System.nanoTime() - began) / (PAGES - 1) + sum;
    }

    /// As [#readFault], but without an exception per page.
    public double populateRead() {
        empty();
        long began = System.nanoTime();
        advise(arena, HUGE - Region.PAGE, Mman.MADV_POPULATE_READ);
        return (double) (System.nanoTime() - began) / (PAGES - 1);
    }

    /// The first page of each of many tables.
    public double writeFaultInNewTable() {
        mapArena();
        long began = System.nanoTime();
        for (int table = 0; table < TABLES; table++) {
            memory.set(ValueLayout.JAVA_BYTE, table * HUGE, (byte) 1);
        }
        return (double) (System.nanoTime() - began) / TABLES;
    }

    /// Many tables' pages, since their records do not fit into the first-level cache either.
    public double dontneedPage() {
        fillMany();
        return timeAdvice(MANY * Region.PAGE, Mman.MADV_DONTNEED) / MANY;
    }

    private void fillMany() {
        mapArena();
        write(MANY);
    }

    public double dontneedZeroPage() {
        mapArena();
        read(MANY);
        return timeAdvice(MANY * Region.PAGE, Mman.MADV_DONTNEED) / MANY;
    }

    public double dontneedEmptyEntry() {
        empty();
        return timeAdvice(HUGE - Region.PAGE, Mman.MADV_DONTNEED) / (PAGES - 1);
    }

    public double freePage() {
        fillMany();
        return timeAdvice(MANY * Region.PAGE, Mman.MADV_FREE) / MANY;
    }

    /// Pages that are already lazyfree: only their entries remain to be cleaned.
    public double freePageAgain() {
        freePage();
        write(MANY);
        return timeAdvice(MANY * Region.PAGE, Mman.MADV_FREE) / MANY;
    }

    /// Stores to pages that MADV_FREE has made clean.
    public double rewriteAfterFree() {
        freePage();
        return rewrite();
    }

    /// Stores to resident pages.
    public double rewrite() {
        long began = System.nanoTime();
        write(MANY);
        return (double) (System.nanoTime() - began) / MANY;
    }

    /// Stores to pages of a file that are mapped privately and for reading so far.
    public double copyOnWrite() {
        linux.require(SystemCall.MMAP, fileMapping, HUGE, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_FIXED, file, 0);
        advise(fileMapping, HUGE, Mman.MADV_POPULATE_READ);
        long began = System.nanoTime();
        for (int page = 0; page < PAGES; page++) {
            memory.set(ValueLayout.JAVA_BYTE, fileMapping - arena + page * Region.PAGE, (byte) 1);
        }
        return (double) (System.nanoTime() - began) / PAGES;
    }

    private double timeAdvice(long length, int advice) {
        long began = System.nanoTime();
        advise(arena, length, advice);
        return System.nanoTime() - began;
    }

    /// One call on an absent page.
    public double madviseNothing() {
        empty();
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            advise(arena, Region.PAGE, Mman.MADV_DONTNEED);
        }
        return (double) (System.nanoTime() - began) / CALLS;
    }

    /// Separate VMAs: no two neighbours alike.
    public double mmap() {
        long base = arena + HUGE;
        linux.require(SystemCall.MUNMAP, base, 2 * CALLS * Region.PAGE, 0, 0, 0, 0);
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            map(base + 2L * i * Region.PAGE, Region.PAGE, Mman.PROT_READ, ANONYMOUS | Mman.MAP_FIXED_NOREPLACE);
        }
        return (double) (System.nanoTime() - began) / CALLS;
    }

    /// The range that [#mmap] has mapped.
    public double munmap() {
        mmap();
        long base = arena + HUGE;
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            linux.require(SystemCall.MUNMAP, base + 2L * i * Region.PAGE, Region.PAGE, 0, 0, 0, 0);
        }
        return (double) (System.nanoTime() - began) / CALLS;
    }

    /// A whole VMA without pages, back and forth.
    public double mprotect() {
        mmap();
        long base = arena + HUGE;
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            protect(base, Region.PAGE, (i & 1) == 0 ? Mman.PROT_NONE : Mman.PROT_READ);
        }
        return (double) (System.nanoTime() - began) / CALLS;
    }

    /// The middle of a VMA without pages, which splits it in three.
    public double mprotectThatSplits() {
        return mprotectMiddle(true);
    }

    /// The same back again: three become one.
    public double mprotectThatMerges() {
        return mprotectMiddle(false);
    }

    private double mprotectMiddle(boolean timeSplit) {
        long base = arena + 2 * HUGE;
        map(base, HUGE, Mman.PROT_READ, ANONYMOUS | Mman.MAP_FIXED);
        long spent = 0;
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            protect(base + Region.PAGE, Region.PAGE, Mman.PROT_NONE);
            long between = System.nanoTime();
            protect(base + Region.PAGE, Region.PAGE, Mman.PROT_READ);
            spent += timeSplit ? between - began : System.nanoTime() - between;
        }
        return (double) spent / CALLS;
    }

    public double protectPage() {
        empty();
        write(PAGES - 1);
        long began = System.nanoTime();
        protect(arena, HUGE, Mman.PROT_READ);
        double spent = System.nanoTime() - began;
        protect(arena, HUGE, Mman.PROT_RW);
        return spent / PAGES;
    }
}
