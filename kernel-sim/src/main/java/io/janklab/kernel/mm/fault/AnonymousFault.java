package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;

/// The first touch of anonymous memory, and the first write to a page that was only read so far (Linux `do_anonymous_page`).
final class AnonymousFault {
    private final MemoryManager memory;
    private final PageTableAllocator tables;
    private final AnonVmaPrepare anonVmaPrepare;

    AnonymousFault(MemoryManager memory, PageTableAllocator tables, AnonVmaPrepare anonVmaPrepare) {
        this.memory = memory;
        this.tables = tables;
        this.anonVmaPrepare = anonVmaPrepare;
    }

    /// Nothing is mapped there yet.
    FaultOutcome missing(VmFault fault) {
        if (!tables.allocate(fault)) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        return fault.isWrite() || fault.mm().forbidsZeropage() ? write(fault) : read(fault);
    }

    /// The shared zero page, without an anon_vma.
    private FaultOutcome read(VmFault fault) {
        PteTable table = fault.lockIfUnchanged();
        if (table == null) {
            return FaultOutcome.SPURIOUS;
        }
        if (fault.vma().is(VmFlags.VM_UFFD_MISSING)) {
            return userfault(fault, table);
        }
        fault.task().charge(memory.costs(), Cost.PTE_SET);
        table.install(fault.index(), Pte.ofZeroPage(fault.vma().pteBits() | Pte.YOUNG));
        table.lock().unlock(fault.task());
        return FaultOutcome.ZERO_PAGE;
    }

    /// A fresh zeroed folio, made before the table is locked, takes the place of an empty entry or of the zero page; it is freed if another
    /// task has been faster.
    FaultOutcome write(VmFault fault) {
        if (!anonVmaPrepare.prepare(fault)) {
            return FaultOutcome.RETRY;
        }
        Task task = fault.task();
        int frame = memory.allocateZeroed(task);
        if (frame == FolioTable.NO_FRAME) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        PteTable table = fault.lockIfUnchanged();
        if (table == null || isForUser(fault)) {
            memory.batches().put(frame);
            return table == null ? FaultOutcome.SPURIOUS : userfault(fault, table);
        }
        install(fault, table, frame);
        table.lock().unlock(task);
        return fault.entry() == Pte.NONE ? FaultOutcome.ANONYMOUS : FaultOutcome.COW;
    }

    private void install(VmFault fault, PteTable table, int frame) {
        add(fault.task(), fault.vma(), fault.address(), frame);
        long pte = entryOf(frame, fault.vma());
        if (fault.entry() == Pte.NONE) {
            table.install(fault.index(), pte);
        } else {
            table.update(fault.index(), pte);
            memory.tlb().flushCopied(fault.task(), fault.mm().tgid(), fault.address());
        }
    }

    private static long entryOf(int frame, Vma vma) {
        long writable = vma.is(VmFlags.VM_WRITE) ? Pte.WRITE | Pte.DIRTY : 0;
        return Pte.of(frame, vma.pteBits() | Pte.YOUNG | writable);
    }

    /// Everything a fresh folio of this VMA needs except its entry (`folio_add_new_anon_rmap`, `folio_add_lru_vma`). The table is locked.
    void add(Task task, Vma vma, long address, int frame) {
        task.charge(memory.costs(), Cost.PTE_SET);
        memory.addNewAnon(task, vma, address, frame);
        vma.mm().addResident(task, RssMember.ANON, 1);
    }

    private static boolean isForUser(VmFault fault) {
        return fault.entry() == Pte.NONE && fault.vma().is(VmFlags.VM_UFFD_MISSING);
    }

    /// Hands the fault to user space; the table, which is locked, is unlocked first.
    private static FaultOutcome userfault(VmFault fault, PteTable table) {
        table.lock().unlock(fault.task());
        return Objects.requireNonNull(fault.vma().userfaultfd()).handle(fault, VmFlags.VM_UFFD_MISSING);
    }
}
