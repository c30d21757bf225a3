package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.FaultFlags;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;

/// A fault on a page that has been swapped out (Linux `do_swap_page`).
///
/// The first fault reads the page, with the folio locked and in the swap cache; others find it there and wait for its lock, without
/// mmap_lock or VMA lock on their first attempt.
final class SwapFault {
    private final MemoryManager memory;
    private final FolioTable folios;
    private final boolean needsMmapLock;

    SwapFault(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
        this.needsMmapLock = memory.profile().is(Switch.FAULT_VMA_LOCK, SwitchValue.ANON);
    }

    FaultOutcome fault(VmFault fault) {
        if (needsMmapLock && fault.has(FaultFlags.VMA_LOCK)) {
            fault.releaseLock();
            return FaultOutcome.RETRY;
        }
        Task task = fault.task();
        int slot = Pte.slot(fault.entry());
        int frame = memory.swap().getCachedFrame(slot);
        FaultOutcome retry = FaultOutcome.RETRY;
        if (frame == FolioTable.NO_FRAME) {
            frame = memory.allocate(task, FolioTable.SWAPBACKED);
            if (frame == FolioTable.NO_FRAME) {
                return FaultOutcome.OUT_OF_MEMORY;
            }
            if (!readInto(task, frame, slot)) {
                return FaultOutcome.SPURIOUS;
            }
            memory.vmstat().count(VmStat.Item.PGMAJFAULT);
            retry = FaultOutcome.RETRY_AFTER_IO;
        }
        if (!lockOrRetry(fault, frame)) {
            return retry;
        }
        boolean mapped = folios.has(frame, FolioTable.SWAPCACHE)
                && memory.swap().slotOf(frame) == slot
                && map(fault, frame);
        letGo(task, frame);
        return mapped ? FaultOutcome.SWAP_IN : FaultOutcome.SPURIOUS;
    }

    /// Reads a slot's page into a new folio, which is locked before it can be found in the swap cache (`swapin_readahead`, without the
    /// reading ahead).
    ///
    /// @return false if another task has been faster; then the folio is freed
    private boolean readInto(Task task, int frame, int slot) {
        memory.folioLocks().trylock(task, frame);
        // `swapcache_prepare`: checks under the table's lock that the entry has not changed.
        boolean needed = memory.swap().cacheIfNeeded(slot, frame);
        if (needed) {
            memory.swap().read(task, slot, frame);
            memory.vmstat().count(VmStat.Item.PSWPIN);
        }
        memory.folioLocks().unlock(task, frame);
        if (needed) {
            memory.batches().addLru(task, frame);
        } else {
            memory.batches().put(frame);
        }
        return needed;
    }

    /// MADV_WILLNEED: reads the swapped pages of `[start, end)` into the swap cache (`swapin_walk_pmd_entry`).
    void readAhead(Task task, Mm mm, long start, long end) {
        PteTable table = mm.pageTable().first(start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            for (long address = Math.max(start, table.base()); address < to; address += Addresses.PAGE_SIZE) {
                readAhead(task, mm, address);
            }
            task.condResched();
            table = to < end ? mm.pageTable().first(to, end) : null;
        }
        memory.batches().drain(task);
    }

    private void readAhead(Task task, Mm mm, long address) {
        PteTable table = mm.ptes().lock(task, address);
        if (table == null) {
            return;
        }
        long entry = table.get(PteTable.index(address));
        table.lock().unlock(task);
        if (Pte.isSwap(entry) && memory.swap().cachedFrame(Pte.slot(entry)) == FolioTable.NO_FRAME) {
            int frame = memory.allocate(task, FolioTable.SWAPBACKED);
            if (frame != FolioTable.NO_FRAME && readInto(task, frame, Pte.slot(entry))) {
                memory.batches().put(frame);
            }
        }
    }

    /// `folio_lock_or_retry`: on the first attempt a locked folio is waited for without the fault's lock, on the second with it, until
    /// SIGKILL.
    private boolean lockOrRetry(VmFault fault, int frame) {
        Task task = fault.task();
        if (memory.folioLocks().trylock(task, frame)) {
            return true;
        }
        if (fault.has(FaultFlags.TRIED) && memory.folioLocks().lockKillable(task, frame)) {
            return true;
        }
        fault.releaseLock();
        if (!fault.has(FaultFlags.TRIED)) {
            memory.folioLocks().waitUntilUnlockedKillable(task, frame);
        }
        memory.batches().put(frame);
        return false;
    }

    private boolean map(VmFault fault, int frame) {
        Task task = fault.task();
        Vma vma = fault.vma();
        long entry = fault.entry();
        PteTable table = fault.lockIfUnchanged();
        if (table == null) {
            return false;
        }
        task.charge(memory.costs(), Cost.PTE_SET);
        boolean exclusive = Pte.has(entry, Pte.SWAP_EXCLUSIVE);
        addRmap(vma, fault.address(), frame, exclusive);
        memory.batches().mlockIn(task.cpu().id(), vma.isMlocked(), frame);
        fault.mm().addResident(task, RssMember.ANON, 1);
        fault.mm().addSwapped(task, -1);
        boolean protectedByUser = Pte.has(entry, Pte.UFFD_WP);
        long bits = vma.pteBits() | Pte.YOUNG | (entry & Pte.UFFD_WP);
        if (exclusive && vma.is(VmFlags.VM_WRITE) && !protectedByUser) {
            bits |= fault.isWrite() ? Pte.WRITE | Pte.DIRTY : Pte.WRITE;
        }
        table.update(fault.index(), Pte.of(frame, bits));
        memory.swap().release(Pte.slot(entry));
        table.lock().unlock(task);
        return true;
    }

    /// `folio_add_anon_rmap_ptes`: a folio that several processes may map belongs to the root anon_vma.
    private void addRmap(Vma vma, long address, int frame, boolean exclusive) {
        if (folios.mapcount(frame) == 0) {
            AnonVma anonVma = Objects.requireNonNull(vma.anonVma());
            folios.setAnon(frame, (exclusive ? anonVma : anonVma.root()).id(), vma.index(address));
            if (!exclusive) {
                folios.clear(frame, FolioTable.ANON_EXCLUSIVE);
            }
        }
        folios.get(frame);
        folios.incrementMapcount(frame);
    }

    /// A slot to which no entry refers any more is freed; its folio must then be written again if it is reclaimed (`folio_free_swap`).
    private void letGo(Task task, int frame) {
        if (folios.has(frame, FolioTable.SWAPCACHE) && memory.swap().references(memory.swap().slotOf(frame)) == 0) {
            folios.set(frame, FolioTable.DIRTY);
            memory.swap().uncache(frame);
        }
        memory.folioLocks().unlock(task, frame);
        memory.batches().put(frame);
    }
}
