package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.MemoryManager;

/// Reclaims folios taken off the LRU lists, one by one, or puts them back (Linux `mm/vmscan.c`, `shrink_folio_list`).
///
/// It never waits for a folio's lock, and waits for an anon_vma's only once it has decided to unmap.
public final class ShrinkFolios {
    private final MemoryManager memory;
    private final FolioTable folios;
    private final Rmap rmap;
    private final boolean freezes;

    private enum Verdict {
        RECLAIM,
        KEEP,
        ACTIVATE,
        FREED
    }

    public ShrinkFolios(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
        this.rmap = new Rmap(memory);
        this.freezes = memory.profile().keeps(Switch.RULE_REFCOUNT_FREEZE);
    }

    /// Takes up to `most` of the oldest folios off a list (`isolate_lru_folios`), except those in a batch that will take them off anyway.
    ///
    /// @return how many
    public int isolate(int list, int[] frames, int most) {
        int count = 0;
        memory.lru().lock();
        int frame = memory.lru().oldest(list);
        while (frame != FolioTable.NO_FRAME && count < most) {
            int newer = memory.lru().newer(frame);
            if (memory.lru().isolate(frame)) {
                frames[count++] = frame;
            }
            frame = newer;
        }
        memory.lru().unlock();
        return count;
    }

    /// Reclaims as many as possible of `count` isolated folios; `whateverItsUse` ignores recent accesses (MADV_PAGEOUT).
    ///
    /// @return how many were freed
    public int shrink(Task task, int[] frames, int count, boolean whateverItsUse) {
        int freed = 0;
        for (int i = 0; i < count; i++) {
            task.condResched();
            freed += shrink(task, frames[i], whateverItsUse) ? 1 : 0;
        }
        return freed;
    }

    private boolean shrink(Task task, int frame, boolean whateverItsUse) {
        Verdict verdict = Verdict.KEEP;
        if (memory.folioLocks().trylock(task, frame)) {
            verdict = whateverItsUse ? Verdict.RECLAIM : checkReferences(task, frame);
            if (verdict == Verdict.RECLAIM) {
                verdict = reclaim(task, frame);
            }
            memory.folioLocks().unlock(task, frame);
        }
        if (verdict == Verdict.FREED) {
            task.charge(memory.costs(), Cost.PAGE_FREE);
            memory.batches().freeFrozen(frame);
            return true;
        }
        if (verdict == Verdict.ACTIVATE) {
            folios.set(frame, FolioTable.ACTIVE);
            memory.vmstat().count(VmStat.Item.PGACTIVATE);
        }
        memory.batches().putBack(frame);
        return false;
    }

    /// `folio_check_references`: used once, it gets a second round; used twice or by several, it is active.
    private Verdict checkReferences(Task task, int frame) {
        Rmap.References found = new Rmap.References();
        int young = rmap.referenced(task, frame, true, found);
        boolean referencedBefore = folios.has(frame, FolioTable.REFERENCED);
        folios.clear(frame, FolioTable.REFERENCED);
        if (young == Rmap.CONTENDED) {
            return Verdict.KEEP;
        }
        if (found.locked) {
            return Verdict.ACTIVATE;
        }
        if (young == 0) {
            return Verdict.RECLAIM;
        }
        folios.set(frame, FolioTable.REFERENCED);
        return referencedBefore || young > 1 ? Verdict.ACTIVATE : Verdict.KEEP;
    }

    private Verdict reclaim(Task task, int frame) {
        if (!folios.has(frame, FolioTable.ANON)) {
            return Verdict.KEEP;
        }
        if (folios.mapcount(frame) > 0 && !unmap(task, frame)) {
            return Verdict.ACTIVATE;
        }
        if (folios.has(frame, FolioTable.SWAPCACHE)) {
            return writeOut(task, frame);
        }
        return isReferencedBy(frame, 1) ? Verdict.FREED : Verdict.KEEP;
    }

    /// Gives a folio that needs swap its slot, then unmaps it everywhere.
    private boolean unmap(Task task, int frame) {
        if (folios.has(frame, FolioTable.SWAPBACKED) && !folios.has(frame, FolioTable.SWAPCACHE)) {
            if (!memory.swap().add(frame)) {
                return false;
            }
            folios.set(frame, FolioTable.DIRTY);
        }
        rmap.tryToUnmap(task, frame);
        return folios.mapcount(frame) == 0;
    }

    /// `pageout`, then `__remove_mapping`: the folio may be freed if no task has found it in the swap cache meanwhile.
    private Verdict writeOut(Task task, int frame) {
        if (folios.has(frame, FolioTable.DIRTY)) {
            if (!memory.swap().write(task, frame)) {
                return Verdict.ACTIVATE;
            }
            folios.clear(frame, FolioTable.DIRTY);
            memory.vmstat().count(VmStat.Item.PSWPOUT);
        }
        memory.swap().lock();
        boolean free = isReferencedBy(frame, 2) && !folios.has(frame, FolioTable.DIRTY);
        if (free) {
            memory.swap().uncache(frame);
        }
        memory.swap().unlock();
        return free ? Verdict.FREED : Verdict.KEEP;
    }

    /// `folio_ref_freeze`: there are no references beyond the expected ones (`rule.refcount-freeze`).
    private boolean isReferencedBy(int frame, int known) {
        return folios.refcount(frame) == known || !freezes;
    }

    /// Moves some of the oldest active folios to the inactive list, and clears their accessed bits (`shrink_active_list`).
    void deactivate(Task task, int activeList, int[] frames, int most) {
        int count = isolate(activeList, frames, most);
        for (int i = 0; i < count; i++) {
            task.condResched();
            rmap.referenced(task, frames[i], false, new Rmap.References());
            folios.clear(frames[i], FolioTable.ACTIVE);
            memory.vmstat().count(VmStat.Item.PGDEACTIVATE);
            memory.batches().putBack(frames[i]);
        }
    }
}
