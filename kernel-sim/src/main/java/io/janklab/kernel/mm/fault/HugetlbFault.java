package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.FrameAllocator;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.FaultFlags;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.HugetlbUnmap;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import java.util.Objects;

/// Faults on memory of hugetlb (Linux `hugetlb_fault`): a page of the pool is mapped whole, or the access is fatal (SIGBUS).
///
/// One at a time for each page of a file, and under the VMA's own lock, so that none comes between a page's unmapping and its return to the
/// pool. Pages of shared memory are their file's; of private memory they are anonymous. They are on no LRU list and in no RSS.
final class HugetlbFault {
    private final MemoryManager memory;
    private final FolioTable folios;
    private final PageTableAllocator tables;
    private final AnonVmaPrepare anonVmaPrepare;
    private final HugetlbUnmap unmap;
    private final boolean needsMmapLock;

    HugetlbFault(MemoryManager memory, PageTableAllocator tables, AnonVmaPrepare anonVmaPrepare) {
        this.memory = memory;
        this.folios = memory.folios();
        this.tables = tables;
        this.anonVmaPrepare = anonVmaPrepare;
        this.unmap = new HugetlbUnmap(memory);
        this.needsMmapLock = !memory.profile().is(Switch.HUGETLB, SwitchValue.RESTORED);
    }

    FaultOutcome handle(VmFault fault) {
        if (needsMmapLock && fault.has(FaultFlags.VMA_LOCK)) {
            fault.releaseLock();
            return FaultOutcome.RETRY;
        }
        Task task = fault.task();
        Vma vma = fault.vma();
        VirtualFile file = Objects.requireNonNull(vma.file());
        long base = fault.address() & -Addresses.PMD_SIZE;
        RwSemaphore mutex = memory.hugetlb().faultMutex(file.inode(), vma.index(base));
        mutex.downWrite(task);
        vma.hugetlb().lock().downRead(task);
        HugePmd huge = fault.mm().pageTable().huge(base);
        FaultOutcome outcome = huge == null ? missing(fault, file, base) : present(fault, huge);
        vma.hugetlb().lock().upRead(task);
        mutex.upWrite(task);
        if (outcome == FaultOutcome.NO_HUGE_PAGE && huge != null && file.reservations().isOwner(fault.mm())) {
            takeBack(task, vma, huge);
            return FaultOutcome.SPURIOUS;
        }
        return outcome;
    }

    /// `hugetlb_no_page`.
    private FaultOutcome missing(VmFault fault, VirtualFile file, long base) {
        Vma vma = fault.vma();
        boolean shared = vma.is(VmFlags.VM_MAYSHARE);
        if (!shared && !anonVmaPrepare.prepare(fault)) {
            return FaultOutcome.RETRY;
        }
        if (vma.hugetlb().isReservationUnmapped()) {
            return FaultOutcome.NO_HUGE_PAGE;
        }
        if (!tables.allocateDirectories(fault.task(), fault.mm(), base)) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        long index = vma.index(base);
        int frame = shared ? file.frame(index) : FolioTable.NO_FRAME;
        boolean cached = frame != FolioTable.NO_FRAME;
        if (!cached) {
            frame = zeroed(fault.task(), fault.mm(), file, index);
        }
        if (frame == FolioTable.NO_FRAME) {
            return FaultOutcome.NO_HUGE_PAGE;
        }
        if (shared && !cached) {
            file.setFrame(index, frame);
        }
        install(fault, base, frame);
        return shared ? FaultOutcome.FILE : FaultOutcome.ANONYMOUS;
    }

    private int zeroed(Task task, Mm mm, VirtualFile file, long index) {
        int frame = memory.hugetlb().allocate(mm, file.reservations(), index);
        if (frame != FolioTable.NO_FRAME) {
            task.charge(memory.costs(), Cost.HUGE_ZERO);
            memory.copyHugeContents(FolioTable.NO_FRAME, frame);
        }
        return frame;
    }

    /// Private memory that is only read gets its page write-protected; the reference to a new one is the mapping's.
    private void install(VmFault fault, long base, int frame) {
        Task task = fault.task();
        Vma vma = fault.vma();
        boolean shared = vma.is(VmFlags.VM_MAYSHARE);
        boolean writable = vma.is(VmFlags.VM_WRITE) && (shared || fault.isWrite());
        fault.mm().pmdLock().lock(task);
        task.charge(memory.costs(), Cost.PTE_SET);
        if (shared) {
            folios.get(frame);
        } else {
            addAnon(vma, base, frame);
        }
        folios.incrementMapcount(frame);
        long bits = VmFlags.pteBits(vma.flags()) | Pte.YOUNG | (writable ? Pte.WRITE : 0) | (fault.isWrite() ? Pte.DIRTY : 0);
        fault.mm().pageTable().addHuge(new HugePmd(base, Pte.of(frame, bits), FolioTable.NO_FRAME));
        fault.mm().pmdLock().unlock(task);
    }

    /// `hugetlb_add_new_anon_rmap`.
    private void addAnon(Vma vma, long base, int frame) {
        folios.setAnon(frame, Objects.requireNonNull(vma.anonVma()).id(), vma.index(base));
    }

    private FaultOutcome present(VmFault fault, HugePmd huge) {
        if (!fault.isWrite() || Pte.has(huge.entry(), Pte.WRITE)) {
            return FaultOutcome.SPURIOUS;
        }
        boolean shared = fault.vma().is(VmFlags.VM_MAYSHARE);
        return shared || folios.mapcount(Pte.frame(huge.entry())) == 1 ? reuse(fault, huge) : copy(fault, huge);
    }

    private FaultOutcome reuse(VmFault fault, HugePmd huge) {
        fault.mm().pmdLock().lock(fault.task());
        boolean unchanged = fault.mm().pageTable().huge(huge.base()) == huge;
        if (unchanged) {
            if (!fault.vma().is(VmFlags.VM_MAYSHARE)) {
                folios.set(Pte.frame(huge.entry()), FolioTable.ANON_EXCLUSIVE);
            }
            huge.update(huge.entry() | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
        }
        fault.mm().pmdLock().unlock(fault.task());
        return unchanged ? FaultOutcome.REUSE : FaultOutcome.SPURIOUS;
    }

    /// `hugetlb_wp`: the copy's page is one that nobody has reserved.
    private FaultOutcome copy(VmFault fault, HugePmd huge) {
        Task task = fault.task();
        if (!anonVmaPrepare.prepare(fault)) {
            return FaultOutcome.RETRY;
        }
        int original = Pte.frame(huge.entry());
        int frame = memory.hugetlb().pool().take(false);
        if (frame == FolioTable.NO_FRAME) {
            return FaultOutcome.NO_HUGE_PAGE;
        }
        folios.get(original);
        task.charge(memory.costs(), Cost.PAGE_COPY, FrameAllocator.HUGE_FRAMES);
        memory.copyHugeContents(original, frame);
        fault.mm().pmdLock().lock(task);
        boolean unchanged = fault.mm().pageTable().huge(huge.base()) == huge;
        if (unchanged) {
            task.charge(memory.costs(), Cost.PTE_SET);
            addAnon(fault.vma(), huge.base(), frame);
            folios.incrementMapcount(frame);
            huge.update(Pte.of(frame, VmFlags.pteBits(fault.vma().flags()) | Pte.YOUNG | Pte.DIRTY | Pte.WRITE));
            memory.tlb().flushHuge(task, fault.mm().tgid(), huge.base(), huge.end());
            folios.decrementMapcount(original);
        }
        fault.mm().pmdLock().unlock(task);
        memory.batches().put(unchanged ? original : frame);
        memory.batches().put(original);
        return unchanged ? FaultOutcome.COW : FaultOutcome.SPURIOUS;
    }

    /// `unmap_ref_private`: the owner of the reservation takes its page back from the children that share it, there being none to copy to.
    private void takeBack(Task task, Vma vma, HugePmd huge) {
        VirtualFile file = Objects.requireNonNull(vma.file());
        long index = vma.index(huge.base());
        file.mmapRwsem().downWrite(task);
        for (Vma other : file.mappings()) {
            if (other.mm() != vma.mm() && other.contains(other.address(index))) {
                other.hugetlb().unmapReservation();
                unmap.page(task, other, index);
            }
        }
        file.mmapRwsem().upWrite(task);
    }
}
