package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.FaultPath;

/// Page faults of one address space: which lock they are handled under, and what is done (Linux `arch/*/mm/fault.c`, `mm/memory.c`).
public final class FaultHandler {
    private final Mm mm;
    private final MemoryManager memory;
    private final CostModel costs;
    private final PageTableAllocator tables;
    private final AnonVmaPrepare anonVmaPrepare;
    private final CopyOnWrite copyOnWrite;
    private final SwapFault swapFault;
    private final FileFault fileFault;
    private final HugeFault hugeFault;
    private final boolean triesVmaLock;
    private final boolean vmaLockNeedsAnonVma;
    private final boolean vmaLockForPlainAnonymous;
    private final boolean retriesUnderVmaLock;
    private final boolean rechecksEntry;
    private final boolean flushesCopied;

    FaultHandler(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.costs = memory.costs();
        this.tables = new PageTableAllocator(mm);
        this.anonVmaPrepare = new AnonVmaPrepare(mm);
        this.copyOnWrite = new CopyOnWrite(mm, this);
        this.swapFault = new SwapFault(mm);
        this.fileFault = new FileFault(mm, this);
        this.hugeFault = new HugeFault(mm, this);
        KernelProfile profile = memory.profile();
        this.triesVmaLock = !profile.is(Switch.FAULT_VMA_LOCK, "off");
        this.vmaLockNeedsAnonVma = profile.is(Switch.FAULT_VMA_LOCK, "anon") || profile.is(Switch.FAULT_ANON_VMA, "retry");
        this.vmaLockForPlainAnonymous = profile.is(Switch.FAULT_VMA_LOCK, "anon");
        this.retriesUnderVmaLock = profile.is(Switch.FAULT_RETRY, "vma");
        this.rechecksEntry = profile.keeps(Switch.RULE_PTE_RECHECK_AFTER_PTL);
        this.flushesCopied = profile.keeps(Switch.RULE_FLUSH_IN_COW);
    }

    /// Handles a fault at `address` (`do_page_fault`): user-mode faults try the VMA lock first, kernel-mode faults never do.
    FaultResult fault(Task task, long address, boolean write, boolean userMode) {
        task.settle();
        long beganAt = task.now();
        if (userMode) {
            task.enterKernel("page fault");
        }
        task.charge(costs.ns(Cost.FAULT_ENTRY));
        memory.vmstat().count(VmStat.Item.PGFAULT);

        FaultPath path = FaultPath.MMAP_LOCK;
        VmFault outcome = VmFault.RETRY;
        int retries = 0;
        boolean tryVmaLock = userMode && triesVmaLock;
        while (tryVmaLock) {
            Vma vma = lockVmaForFault(task, address);
            path = vma == null ? FaultPath.MMAP_LOCK_AFTER_ABORT : FaultPath.VMA_LOCK;
            outcome = vma == null ? VmFault.RETRY : underVmaLock(task, vma, address, write);
            if (vma != null && outcome.isRetry()) {
                path = FaultPath.MMAP_LOCK_AFTER_RETRY;
                retries++;
            }
            outcome = vma == null ? outcome : unlessKilled(task, outcome);
            tryVmaLock = outcome == VmFault.RETRY_AFTER_IO && retriesUnderVmaLock;
        }
        int flags = outcome == VmFault.RETRY_AFTER_IO ? FaultFlags.TRIED : 0;
        while (outcome.isRetry()) {
            outcome = unlessKilled(task, underMmapLock(task, address, write, flags));
            flags = FaultFlags.TRIED;
            retries += outcome.isRetry() ? 1 : 0;
        }
        task.settle();
        memory.tracepoints().pageFault(task.now(), task, address, write, userMode, path, outcome.kind(), retries, beganAt);
        return outcome.result();
    }

    /// `fault_signal_pending`: a retry is not for the dead.
    private static VmFault unlessKilled(Task task, VmFault outcome) {
        return outcome.isRetry() && task.isKilled() ? VmFault.KILLED : outcome;
    }

    /// The first versions refuse anonymous VMAs that have no anon_vma yet, read faults included (`lock_vma_under_rcu`, 6.8); the very first
    /// (6.5) also files and VMAs armed with userfaultfd.
    private Vma lockVmaForFault(Task task, long address) {
        Vma vma = mm.lockVmaUnderRcu(task, address);
        if (vma != null && refusesVmaLock(vma)) {
            mm.endRead(task, vma);
            memory.vmstat().count(VmStat.Item.VMA_LOCK_ABORT);
            return null;
        }
        return vma;
    }

    private boolean refusesVmaLock(Vma vma) {
        if (vma.file() != null) {
            return vmaLockForPlainAnonymous;
        }
        return vmaLockNeedsAnonVma && vma.anonVma() == null || vmaLockForPlainAnonymous && vma.is(VmFlags.VM_UFFD_FLAGS);
    }

    private VmFault underVmaLock(Task task, Vma vma, long address, boolean write) {
        VmFault outcome = vma.allows(write) ? handle(task, vma, address, write, FaultFlags.VMA_LOCK) : VmFault.BAD_ACCESS;
        if (outcome.isRetry()) {
            memory.vmstat().count(VmStat.Item.VMA_LOCK_RETRY);
        } else {
            memory.vmstat().count(VmStat.Item.VMA_LOCK_SUCCESS);
            mm.endRead(task, vma);
        }
        return outcome;
    }

    /// `lock_mm_and_find_vma`: a trylock, then a wait, which SIGKILL ends.
    private VmFault underMmapLock(Task task, long address, boolean write, int flags) {
        if (!mm.mmapLock().downReadTrylock(task) && !mm.mmapLock().downReadKillable(task)) {
            return VmFault.KILLED;
        }
        Vma vma = mm.vmas().lookup(address);
        if (vma == null) {
            if (!StackGrowth.expand(task, mm, address)) {
                return VmFault.KILLED;
            }
            vma = mm.vmas().lookup(address);
        }
        VmFault outcome = vma != null && vma.allows(write) ? handle(task, vma, address, write, flags) : VmFault.BAD_ACCESS;
        if (!outcome.isRetry()) {
            mm.mmapLock().upRead(task);
        }
        return outcome;
    }

    /// Lets go of the lock the fault is handled under, before a wait that must not hold it (`release_fault_lock`).
    void releaseLock(Task task, Vma vma, int flags) {
        if (FaultFlags.has(flags, FaultFlags.VMA_LOCK)) {
            mm.endRead(task, vma);
        } else {
            mm.mmapLock().upRead(task);
        }
    }

    /// `handle_mm_fault`, the caller holding mmap_lock or the VMA lock, as `flags` tell. On a retry that lock has been dropped.
    VmFault handle(Task task, Vma vma, long address, boolean write, int flags) {
        task.charge(costs.ns(Cost.FAULT_WALK));
        long pte = mm.ptes().peek(address);
        if (pte == Pte.NO_TABLE) {
            VmFault huge = hugeFault.handle(task, vma, address, write, flags);
            if (huge != null) {
                return huge;
            }
            pte = Pte.NONE;
        }
        if (pte == Pte.NONE) {
            if (vma.file() != null) {
                return fileFault.missing(task, vma, address, write, flags);
            }
            return write || mm.forbidsZeropage() ? anonymousWrite(task, vma, address, flags) : anonymousRead(task, vma, address, flags);
        }
        if (!Pte.has(pte, Pte.PRESENT)) {
            return Pte.isGuard(pte) ? VmFault.BAD_ACCESS : swapFault.fault(task, vma, address, write, pte, flags);
        }
        if (write && !Pte.has(pte, Pte.WRITE)) {
            return writeProtected(task, vma, address, pte, flags);
        }
        return VmFault.SPURIOUS;
    }

    /// `do_anonymous_page`, read: the shared zero page, without an anon_vma.
    private VmFault anonymousRead(Task task, Vma vma, long address, int flags) {
        if (!tables.allocate(task, address)) {
            return VmFault.OUT_OF_MEMORY;
        }
        PteTable table = lockIfUnchanged(task, address, Pte.NONE);
        if (table == null) {
            return VmFault.SPURIOUS;
        }
        if (vma.is(VmFlags.VM_UFFD_MISSING)) {
            return userfault(task, vma, address, table, flags);
        }
        task.charge(costs.ns(Cost.PTE_SET));
        table.install(PteTable.index(address), Pte.ofZeroPage(Pte.protection(vma.flags()) | Pte.YOUNG));
        table.lock().unlock(task);
        return VmFault.ZERO_PAGE;
    }

    /// The table that maps `address`, locked, if the entry is still `old` (`rule.pte-recheck-after-ptl`); null if somebody else was faster.
    PteTable lockIfUnchanged(Task task, long address, long old) {
        PteTable table = mm.ptes().lock(task, address);
        if (table != null && rechecksEntry && table.get(PteTable.index(address)) != old) {
            table.lock().unlock(task);
            return null;
        }
        return table;
    }

    /// `do_anonymous_page`, write, or where there is no zero page: a zeroed folio, made before the table is locked.
    private VmFault anonymousWrite(Task task, Vma vma, long address, int flags) {
        if (!tables.allocate(task, address)) {
            return VmFault.OUT_OF_MEMORY;
        }
        return newAnonFolio(task, vma, address, Pte.NONE, flags);
    }

    /// `do_wp_page`: the zero page is replaced by a folio, a folio is reused or copied.
    private VmFault writeProtected(Task task, Vma vma, long address, long pte, int flags) {
        if (Pte.has(pte, Pte.UFFD_WP) && vma.is(VmFlags.VM_UFFD_WP)) {
            return vma.userfaultfd().handle(task, vma, address, flags, VmFlags.VM_UFFD_WP);
        }
        if (vma.is(VmFlags.VM_SHARED)) {
            return fileFault.writeShared(task, address, pte);
        }
        return Pte.hasFolio(pte) ? copyOnWrite.fault(task, vma, address, pte, flags) : newAnonFolio(task, vma, address, pte, flags);
    }

    /// Puts a fresh zeroed folio where `old` (none, or the zero page) stands; if somebody else was faster, gives it back.
    private VmFault newAnonFolio(Task task, Vma vma, long address, long old, int flags) {
        if (!prepareAnonVma(task, vma, flags)) {
            return VmFault.RETRY;
        }
        int frame = memory.allocate(task, 0);
        if (frame == FolioTable.NO_FRAME) {
            return VmFault.OUT_OF_MEMORY;
        }
        task.charge(costs.ns(Cost.PAGE_ZERO));
        PteTable table = lockIfUnchanged(task, address, old);
        if (table == null) {
            memory.batches().put(frame);
            return VmFault.SPURIOUS;
        }
        if (vma.is(VmFlags.VM_UFFD_MISSING) && old == Pte.NONE) {
            memory.batches().put(frame);
            return userfault(task, vma, address, table, flags);
        }
        install(task, vma, address, table, PteTable.index(address), frame, old);
        table.lock().unlock(task);
        return old == Pte.NONE ? VmFault.ANONYMOUS : VmFault.COW;
    }

    PageTableAllocator tables() {
        return tables;
    }

    FileFault fileFault() {
        return fileFault;
    }

    HugeFault hugeFault() {
        return hugeFault;
    }

    /// `vmf_anon_prepare`. False if it must be retried under mmap_lock; then the lock of the fault has been dropped.
    boolean prepareAnonVma(Task task, Vma vma, int flags) {
        if (vma.anonVma() != null || anonVmaPrepare.prepare(task, vma, FaultFlags.has(flags, FaultFlags.VMA_LOCK))) {
            return true;
        }
        releaseLock(task, vma, flags);
        return false;
    }

    private void install(Task task, Vma vma, long address, PteTable table, int index, int frame, long old) {
        addAnonFolio(task, vma, address, frame);
        long writable = vma.is(VmFlags.VM_WRITE) ? Pte.WRITE | Pte.DIRTY : 0;
        long pte = Pte.of(frame, Pte.protection(vma.flags()) | Pte.YOUNG | writable);
        if (old == Pte.NONE) {
            table.install(index, pte);
        } else {
            table.update(index, pte);
            flushCopied(task, address);
        }
    }

    /// The copy of a page, the zero page's too, has taken its place: nobody may read the original any more (`ptep_clear_flush`).
    void flushCopied(Task task, long address) {
        if (flushesCopied) {
            memory.tlb().flushPage(task, mm, address);
        }
    }

    /// Everything a fresh folio of this VMA needs but its entry (`folio_add_new_anon_rmap`, `folio_add_lru_vma`). The table is locked.
    void addAnonFolio(Task task, Vma vma, long address, int frame) {
        task.charge(costs.ns(Cost.PTE_SET));
        FolioTable folios = memory.folios();
        folios.setAnon(frame, vma.anonVma().id(), vma.index(address));
        folios.incrementMapcount(frame);
        memory.batches().addLru(task, vma, frame);
        mm.addResident(task, 1);
        memory.copyContents(FolioTable.NO_FRAME, frame);
    }

    /// Leaves a page to user space; the table is locked and is unlocked first.
    private static VmFault userfault(Task task, Vma vma, long address, PteTable table, int flags) {
        table.lock().unlock(task);
        return vma.userfaultfd().handle(task, vma, address, flags, VmFlags.VM_UFFD_MISSING);
    }

    SwapFault swapFault() {
        return swapFault;
    }
}
