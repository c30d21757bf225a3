package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import org.jspecify.annotations.Nullable;

/// Moves entries from one range of an address space to another (Linux `move_page_tables`): whole tables where both ends allow it
/// (`move_normal_pmd`), else entry by entry (`move_ptes`).
///
/// Folios keep their page offsets, so reverse maps find them at the new VMA; both VMAs and mmap_lock are held for writing.
final class MovePageTables {
    private final Mm mm;
    private final MemoryManager memory;
    private final PageTableAllocator tables;
    private final boolean rechecksPmd;
    private final boolean flushesUnderLocks;
    private final boolean locksLowerFirst;

    MovePageTables(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.tables = new PageTableAllocator(memory);
        this.rechecksPmd = memory.profile().keeps(Switch.RULE_MREMAP_PMD_RECHECK);
        this.flushesUnderLocks = memory.profile().keeps(Switch.RULE_FLUSH_IN_MREMAP);
        this.locksLowerFirst = memory.profile().is(Switch.MREMAP_PTL_ORDER, SwitchValue.LOWER_FIRST);
    }

    /// @param vma        where the entries come from
    /// @param rmapLocked the VMA whose reverse-map locks are held meanwhile (`take_rmap_locks`), or null
    /// @return false if memory ran out; entries already moved stay moved
    boolean move(Task task, Vma vma, long from, long to, long length, @Nullable Vma rmapLocked) {
        boolean moved = moveAll(task, vma, from, to, length, rmapLocked);
        if (!flushesUnderLocks) {
            memory.tlb().flush(task, mm.tgid(), from, from + length);
        }
        return moved;
    }

    private boolean moveAll(Task task, Vma vma, long from, long to, long length, @Nullable Vma rmapLocked) {
        long done = 0;
        while (done < length) {
            task.condResched();
            HugePmd huge = mm.pageTable().firstHuge(from + done, from + length);
            long tablesEnd = huge == null ? from + length : Math.max(from + done, huge.base());
            PteTable source = mm.pageTable().first(from + done, tablesEnd);
            if (source == null) {
                if (huge == null) {
                    return true;
                }
                done = hugeOrSplit(task, vma, huge, from, to, Math.max(done, huge.base() - from), length);
                continue;
            }
            done = Math.max(done, source.base() - from);
            long stop = Math.min(length, extent(from, to, done));
            if (stop - done == Addresses.PMD_SIZE && table(task, vma, source, to + done)) {
                done = stop;
                continue;
            }
            if (!tables.allocate(task, mm, to + done)) {
                return false;
            }
            takeRmapLocks(task, rmapLocked);
            boolean moved = entries(task, from + done, to + done, stop - done);
            dropRmapLocks(task, rmapLocked);
            // Else one of the tables has just been freed: try again.
            done = moved ? stop : done;
        }
        return true;
    }

    /// Undoes a [#move] that failed; the old tables are still there.
    void moveBack(Task task, Vma copy, long from, long to, long length) {
        move(task, copy, to, from, length, null);
    }

    /// `move_normal_pmd`, always under the reverse map's locks. Not for memory armed with userfaultfd, whose entries lose their write
    /// protection.
    ///
    /// @return whether the table has been moved
    private boolean table(Task task, Vma vma, PteTable source, long to) {
        if (vma.is(VmFlags.VM_UFFD_FLAGS) || !tables.allocateDirectories(task, mm, to) || !mm.pageTable().isPmdNone(to)) {
            return false;
        }
        takeRmapLocks(task, vma);
        mm.pmdLock().lock(task);
        PteTable table = recheckPmd(source);
        if (table != null) {
            task.charge(memory.costs(), Cost.MOVE_TABLE);
            mm.pageTable().move(table, to);
            flush(task, table.base(), table.end());
        }
        mm.pmdLock().unlock(task);
        dropRmapLocks(task, vma);
        return table != null;
    }

    /// Moves a huge mapping as it is, or splits it so that its entries can be moved.
    ///
    /// @return how much of the range has been moved then
    private long hugeOrSplit(Task task, Vma vma, HugePmd huge, long from, long to, long done, long length) {
        boolean fits = extent(from, to, done) - done == Addresses.PMD_SIZE && done + Addresses.PMD_SIZE <= length;
        if (fits && huge(task, vma, huge, to + done)) {
            return done + Addresses.PMD_SIZE;
        }
        mm.hugePmds().split(task, huge.base(), huge.end());
        return done;
    }

    /// `move_huge_pmd`, under the reverse map's locks.
    ///
    /// @return false if it must be split
    private boolean huge(Task task, Vma vma, HugePmd huge, long to) {
        if (!tables.allocateDirectories(task, mm, to) || !mm.pageTable().isPmdNone(to)) {
            return false;
        }
        takeRmapLocks(task, vma);
        mm.pmdLock().lock(task);
        boolean moves = mm.pageTable().huge(huge.base()) == huge && mm.pageTable().isPmdNone(to);
        if (moves) {
            task.charge(memory.costs(), Cost.MOVE_TABLE);
            mm.pageTable().removeHuge(huge);
            mm.pageTable().addHuge(new HugePmd(to, huge.entry() & ~Pte.UFFD_WP, huge.frame()));
            if (flushesUnderLocks) {
                memory.tlb().flushHuge(task, mm.tgid(), huge.base(), huge.end());
            }
        }
        mm.pmdLock().unlock(task);
        dropRmapLocks(task, vma);
        return moves;
    }

    /// `rule.mremap-pmd-recheck`: a collapse of the file may have retracted the table before the reverse map's locks were taken.
    private @Nullable PteTable recheckPmd(PteTable seen) {
        return rechecksPmd ? mm.pageTable().find(seen.base()) : seen;
    }

    /// `rule.flush-in-mremap`: once the locks are released, reclaim may free what cores still reach at the old place.
    private void flush(Task task, long start, long end) {
        if (flushesUnderLocks) {
            memory.tlb().flush(task, mm.tgid(), start, end);
        }
    }

    private static void takeRmapLocks(Task task, @Nullable Vma vma) {
        if (vma != null && vma.file() != null) {
            vma.file().mmapRwsem().downWrite(task);
        }
        if (vma != null && vma.anonVma() != null) {
            vma.anonVma().rwsem().downWrite(task);
        }
    }

    private static void dropRmapLocks(Task task, @Nullable Vma vma) {
        if (vma != null && vma.anonVma() != null) {
            vma.anonVma().rwsem().upWrite(task);
        }
        if (vma != null && vma.file() != null) {
            vma.file().mmapRwsem().upWrite(task);
        }
    }

    /// How many bytes can be moved within one source and one target table.
    private static long extent(long from, long to, long done) {
        long inSource = Addresses.PMD_SIZE - (from + done & Addresses.PMD_SIZE - 1);
        long inTarget = Addresses.PMD_SIZE - (to + done & Addresses.PMD_SIZE - 1);
        return done + Math.min(inSource, inTarget);
    }

    /// `move_ptes`: the old table's lock, the new one's inside it (`mremap.ptl-order`); flushed before either is released.
    ///
    /// @return false if one of the tables has been freed meanwhile
    private boolean entries(Task task, long from, long to, long length) {
        long one = locksLowerFirst ? Math.min(from, to) : from;
        PteTable outer = mm.ptes().lock(task, one);
        if (outer == null) {
            return false;
        }
        long other = one == from ? to : from;
        PteTable inner = outer.maps(other) ? outer : mm.ptes().lock(task, other);
        if (inner == null) {
            outer.lock().unlock(task);
            return false;
        }
        PteTable source = one == from ? outer : inner;
        PteTable target = one == from ? inner : outer;
        int shift = PteTable.index(to) - PteTable.index(from);
        int last = PteTable.index(from + length - 1) + 1;
        long moved = 0;
        for (int i = source.nextUsed(PteTable.index(from), last); i < last; i = source.nextUsed(i + 1, last)) {
            task.charge(memory.costs(), Cost.MOVE_PTE);
            long entry = source.getAndClear(i) & ~Pte.UFFD_WP;
            if (entry != Pte.NONE) {
                target.install(i + shift, entry);
            }
            moved++;
        }
        if (moved != 0) {
            flush(task, from, from + length);
        }
        if (inner != outer) {
            inner.lock().unlock(task);
        }
        outer.lock().unlock(task);
        return true;
    }
}
