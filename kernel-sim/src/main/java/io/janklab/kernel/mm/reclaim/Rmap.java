package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From a folio to the entries that map it (Linux `mm/rmap.c`, `rmap_walk_anon`), under its anon_vma's lock for reading.
///
/// Until 6.18 read-only walks (`folio_referenced`) did without the folio's lock; since 6.19 every walk holds it.
public final class Rmap {
    /// `folio_referenced`: the anon_vma lock could not be taken.
    public static final int CONTENDED = -1;
    /// Pages were moved from the anon_vma for the first time since the walk began: it needs the folio's lock after all.
    private static final int MARKED_MEANWHILE = -2;

    private final MemoryManager memory;
    private final FolioTable folios;
    private final boolean walksUnlockedFolios;
    private final boolean heedsMarks;
    private final boolean keepsWritten;
    /// Before 6.15.
    private final boolean referencedNeedsSwap;
    private final boolean flushes;

    public Rmap(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
        KernelProfile profile = memory.profile();
        this.heedsMarks = profile.is(Switch.UFFD_MOVE_RMAP, SwitchValue.MARKED) && profile.keeps(Switch.RULE_FOLIO_LOCK_IN_RMAP);
        this.walksUnlockedFolios = profile.is(Switch.UFFD_MOVE_RMAP, SwitchValue.ANON_VMA)
                || !profile.keeps(Switch.RULE_FOLIO_LOCK_IN_RMAP);
        this.keepsWritten = profile.keeps(Switch.RULE_DIRTY_RECHECK_IN_LAZYFREE);
        this.referencedNeedsSwap = profile.is(Switch.LAZYFREE_REFERENCED, SwitchValue.SWAP_BACKED);
        this.flushes = profile.keeps(Switch.RULE_FLUSH_IN_UNMAP);
    }

    /// Handles one entry that maps the folio; its table is locked.
    private interface Visitor {
        void visit(Vma vma, PteTable table, int index, long address);

        /// The same for a PMD that maps it; the PMD lock is held.
        default void visitHuge(Vma vma, HugePmd huge) {}
    }

    /// Tests and clears the accessed bits.
    private final class AccessCounter implements Visitor {
        private final Task task;
        private final int frame;
        private final References found;

        AccessCounter(Task task, int frame, References found) {
            this.task = task;
            this.frame = frame;
            this.found = found;
        }

        @Override
        public void visit(Vma vma, PteTable table, int index, long address) {
            if (vma.isOnce(VmFlags.VM_LOCKED)) {
                keepLocked(vma);
            } else if (Pte.has(table.clearBits(index, Pte.YOUNG), Pte.YOUNG)) {
                count();
            }
        }

        /// `pmdp_clear_flush_young_notify`.
        @Override
        public void visitHuge(Vma vma, HugePmd huge) {
            if (vma.isOnce(VmFlags.VM_LOCKED)) {
                keepLocked(vma);
            } else if (Pte.has(huge.entry(), Pte.YOUNG)) {
                huge.update(huge.entry() & ~Pte.YOUNG);
                count();
            }
        }

        private void keepLocked(Vma vma) {
            memory.batches().mlockIn(task.cpu().id(), vma.isMlocked(), frame);
            found.locked = true;
        }

        private void count() {
            task.charge(memory.costs(), Cost.TLBI);
            found.young++;
        }
    }

    /// The result of one walk.
    public static final class References {
        int young;
        boolean locked;
    }

    /// `folio_referenced`: how many entries have been used since the last call, which clears their accessed bits; [#CONTENDED] if the
    /// anon_vma is being written, since this walk does not wait for it.
    ///
    /// @param found receives what else was seen
    public int referenced(Task task, int frame, boolean isLocked, References found) {
        if (folios.mapcount(frame) == 0) {
            return 0;
        }
        boolean locksHere = !isLocked && needsFolioLock(frame);
        if (locksHere && !memory.folioLocks().trylock(task, frame)) {
            memory.vmstat().count(VmStat.Item.RMAP_FOLIO_BUSY);
            return 1;
        }
        int result = countReferences(task, frame, isLocked || locksHere, found);
        if (locksHere) {
            memory.folioLocks().unlock(task, frame);
        }
        return result == MARKED_MEANWHILE ? referenced(task, frame, false, found) : result;
    }

    private boolean needsFolioLock(int frame) {
        AnonVma anonVma = heedsMarks ? memory.anonVmas().get(folios.anonVmaId(frame)) : null;
        return anonVma == null ? !heedsMarks && !walksUnlockedFolios : anonVma.isMarked();
    }

    private int countReferences(Task task, int frame, boolean locked, References found) {
        found.young = 0;
        found.locked = false;
        AnonVma anonVma = tryLockAnonVma(task, frame);
        if (anonVma == null) {
            boolean contended = folios.mapcount(frame) != 0;
            if (contended) {
                memory.vmstat().count(VmStat.Item.RMAP_CONTENDED);
            }
            return contended ? CONTENDED : 0;
        }
        boolean marked = heedsMarks && !locked && anonVma.isMarked();
        if (!marked) {
            walk(task, anonVma, frame, new AccessCounter(task, frame, found));
        }
        anonVma.rwsem().upRead(task);
        return marked ? MARKED_MEANWHILE : found.young;
    }

    /// `folio_lock_anon_vma_read` by trylock. An unlocked folio may be moved to another anon_vma meanwhile; then that one is tried.
    private @Nullable AnonVma tryLockAnonVma(Task task, int frame) {
        while (true) {
            AnonVma anonVma = memory.anonVmas().get(folios.anonVmaId(frame));
            if (anonVma == null || !anonVma.rwsem().downReadTrylock(task)) {
                return null;
            }
            if (memory.anonVmas().get(folios.anonVmaId(frame)) == anonVma) {
                return anonVma;
            }
            anonVma.rwsem().upRead(task);
        }
    }

    private void walk(Task task, AnonVma anonVma, int frame, Visitor visitor) {
        if (memory.isWatched()) {
            RmapWatch watch = new RmapWatch(memory, frame);
            walkUnwatched(task, anonVma, frame, new Visitor() {
                @Override
                public void visit(Vma vma, PteTable table, int index, long address) {
                    watch.found();
                    visitor.visit(vma, table, index, address);
                }

                @Override
                public void visitHuge(Vma vma, HugePmd huge) {
                    watch.found();
                    visitor.visitHuge(vma, huge);
                }
            });
            watch.check();
        } else {
            walkUnwatched(task, anonVma, frame, visitor);
        }
    }

    private void walkUnwatched(Task task, AnonVma anonVma, int frame, Visitor visitor) {
        long index = folios.index(frame);
        anonVma.forEach(index, vma -> {
            task.condResched();
            task.charge(memory.costs(), Cost.FAULT_WALK);
            long address = vma.address(index);
            // A huge mapping may be split under us; then its table's entry is the one (`page_vma_mapped_walk`).
            boolean huge = vma.mm().pageTable().huge(address) != null && visitHuge(task, vma, address, frame, visitor);
            if (!huge && !visitEntry(task, vma, address, frame, visitor) && folios.has(frame, FolioTable.LARGE)) {
                // Once the lock is free, a task that was removing it has updated the counts (`PVMW_SYNC`, that is TTU_SYNC for large
                // folios).
                visitHuge(task, vma, address, frame, visitor);
            }
        });
    }

    /// @return false if there is no page table
    private static boolean visitEntry(Task task, Vma vma, long address, int frame, Visitor visitor) {
        PteTable table = vma.mm().ptes().lock(task, address);
        if (table == null) {
            return false;
        }
        int at = PteTable.index(address);
        if (Pte.hasFolio(table.get(at)) && Pte.frame(table.get(at)) == frame) {
            visitor.visit(vma, table, at, address);
        }
        table.lock().unlock(task);
        return true;
    }

    /// @return false if nothing huge is mapped
    private static boolean visitHuge(Task task, Vma vma, long address, int frame, Visitor visitor) {
        Mm mm = vma.mm();
        mm.pmdLock().lock(task);
        HugePmd huge = mm.pageTable().huge(address);
        if (huge != null && Pte.hasFolio(huge.entry()) && Pte.frame(mm.hugePmds().entryAt(huge, address)) == frame) {
            visitor.visitHuge(vma, huge);
        }
        mm.pmdLock().unlock(task);
        return huge != null;
    }

    /// `try_to_unmap`: replaces every entry of a locked folio by its swap entry or, if it is lazyfree, by nothing. Waits for the anon_vma
    /// lock. Entries stay where memory is mlocked, or where a lazyfree folio has been written to or is in use elsewhere.
    void tryToUnmap(Task task, int frame) {
        AnonVma anonVma = memory.anonVmas().get(folios.anonVmaId(frame));
        if (anonVma == null) {
            return;
        }
        anonVma.rwsem().downRead(task);
        splitHugeMapping(task, anonVma, frame);
        walk(task, anonVma, frame, (vma, table, index, address) -> unmap(task, vma, table, index, frame));
        anonVma.rwsem().upRead(task);
    }

    /// `split_huge_pmd_locked`: a huge folio is reclaimed page by page. So is one that has been split already, but for a mapping that fork
    /// made: that is never exclusive.
    private void splitHugeMapping(Task task, AnonVma anonVma, int frame) {
        long index = folios.index(frame);
        if (folios.has(frame, FolioTable.LARGE) || !folios.has(frame, FolioTable.ANON_EXCLUSIVE)) {
            anonVma.forEach(index, vma -> vma.mm().hugePmds().split(task, vma.address(index), vma.address(index) + Addresses.PAGE_SIZE));
        }
    }

    /// `try_to_map_unused_to_zeropage`: a page that holds nothing but zeroes is given up for the zero page, except where memory is mlocked.
    /// Contents are kept; the caller holds the anon_vma's lock, and a reference.
    void replaceZeros(Task task, int frame) {
        AnonVma anonVma = memory.anonVmas().get(folios.anonVmaId(frame));
        if (anonVma == null || folios.has(frame, FolioTable.MLOCKED)) {
            return;
        }
        walk(task, anonVma, frame, (vma, table, index, address) -> replaceZeros(task, vma, table, index, frame));
    }

    private void replaceZeros(Task task, Vma vma, PteTable table, int index, int frame) {
        if (vma.is(VmFlags.VM_LOCKED) || vma.mm().forbidsZeropage()) {
            return;
        }
        long pte = clearAndFlush(task, vma, table, index);
        if (Objects.requireNonNull(memory.contents()).get(frame) != 0) {
            table.install(index, pte);
            return;
        }
        table.install(index, Pte.ofZeroPage(vma.pteBits() | Pte.YOUNG | (pte & Pte.UFFD_WP)));
        folios.decrementMapcount(frame);
        folios.putTestZero(frame);
        vma.mm().addResident(task, RssMember.ANON, -1);
    }

    /// `try_to_unmap_one`.
    private void unmap(Task task, Vma vma, PteTable table, int index, int frame) {
        memory.batches().mlockIn(task.cpu().id(), vma.isMlocked(), frame);
        boolean lazyfree = folios.isLazyfree(frame);
        if (vma.is(VmFlags.VM_LOCKED) || (!lazyfree && !folios.has(frame, FolioTable.SWAPCACHE))) {
            return;
        }
        long pte = clearAndFlush(task, vma, table, index);
        if (Pte.has(pte, Pte.DIRTY)) {
            folios.set(frame, FolioTable.DIRTY);
        }
        if (!lazyfree) {
            swapOut(task, vma, table, index, frame, pte);
        } else if (isDisposable(vma, frame)) {
            memory.vmstat().count(VmStat.Item.PGLAZYFREED);
        } else {
            table.install(index, pte);
            return;
        }
        folios.decrementMapcount(frame);
        folios.putTestZero(frame);
        vma.mm().addResident(task, RssMember.ANON, -1);
    }

    /// `ptep_clear_flush`.
    private long clearAndFlush(Task task, Vma vma, PteTable table, int index) {
        task.charge(memory.costs(), Cost.ZAP_PTE);
        long pte = table.getAndClear(index);
        if (flushes) {
            memory.tlb().flushPage(task, vma.mm().tgid(), table.address(index));
        }
        return pte;
    }

    /// What may be dropped is, written to or not. Another lazyfree folio that has been written to needs swap again; one with other
    /// references is kept for now, and before 6.15 needed swap again, too.
    private boolean isDisposable(Vma vma, int frame) {
        boolean droppable = vma.is(VmFlags.VM_DROPPABLE);
        boolean written = keepsWritten && !droppable && folios.has(frame, FolioTable.DIRTY);
        boolean referenced = folios.refcount(frame) != 1 + folios.mapcount(frame);
        if (!droppable && (written || referenced && referencedNeedsSwap)) {
            folios.set(frame, FolioTable.SWAPBACKED);
        }
        return !written && !referenced;
    }

    private void swapOut(Task task, Vma vma, PteTable table, int index, int frame, long pte) {
        int slot = memory.swap().slotOf(frame);
        memory.swap().duplicate(slot);
        vma.mm().addSwapped(task, 1);
        long exclusive = folios.has(frame, FolioTable.ANON_EXCLUSIVE) ? Pte.SWAP_EXCLUSIVE : 0;
        table.install(index, Pte.ofSwap(slot, exclusive | (pte & Pte.UFFD_WP)));
    }
}
