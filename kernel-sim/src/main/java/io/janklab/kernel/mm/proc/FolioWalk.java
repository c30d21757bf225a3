package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import org.jspecify.annotations.Nullable;

/// Finds the folio at one address and takes a reference to it, if a page is present there (Linux `mm/pagewalk.c`, `folio_walk_start` …
/// `folio_walk_end`).
///
/// Meanwhile the VMA's lock keeps the VMA from changing, and RCU or disabled interrupts keep the tables from being freed.
final class FolioWalk {
    /// The guard that keeps page tables in place while they are walked under the VMA lock.
    enum Guard {
        RCU,
        /// As gup_fast does (`FW_VMA_LOCKED`, a proposal of 2026): a grace period waits for it as for any reader.
        IRQS_OFF
    }

    static final int NOT_PRESENT = -1;
    static final int ZERO_PAGE = -2;

    private final MemoryManager memory;
    private final Guard guard;
    private final boolean disablesIrqs;
    private final boolean refusesHugetlb;

    FolioWalk(MemoryManager memory) {
        this.memory = memory;
        this.guard = memory.profile().is(Switch.REMOTE_ACCESS_LOCK, SwitchValue.VMA_IRQ_OFF) ? Guard.IRQS_OFF : Guard.RCU;
        this.refusesHugetlb = memory.profile().keeps(Switch.RULE_FOLIO_WALK_REFUSES_HUGETLB);
        this.disablesIrqs = memory.profile().keeps(Switch.RULE_IRQS_OFF_IN_FOLIO_WALK);
    }

    /// Hugetlb memory is left to mmap_lock (`rule.folio-walk-refuses-hugetlb`).
    ///
    /// @return the frame, with a reference taken to its folio; or [#ZERO_PAGE] or [#NOT_PRESENT]
    int underVmaLock(Task task, Vma vma, long address) {
        if (!task.held().contains(vma)) {
            throw new KernelRuleBroken("kernel bug: folio walk without the VMA lock");
        }
        if (refusesHugetlb && vma.is(VmFlags.VM_HUGETLB)) {
            return NOT_PRESENT;
        }
        return guard == Guard.IRQS_OFF ? withIrqsOff(task, vma, address) : walk(task, vma, vma.mm().ptes().lock(task, address), address);
    }

    private int withIrqsOff(Task task, Vma vma, long address) {
        if (!disablesIrqs) {
            return walkWithoutRcu(task, vma, address);
        }
        int ticket = memory.rcu().irqDisable(task);
        int found = walkWithoutRcu(task, vma, address);
        memory.rcu().irqEnable(task, ticket);
        return found;
    }

    /// With interrupts off a table cannot be freed under us, but it can be unlinked.
    private int walkWithoutRcu(Task task, Vma vma, long address) {
        return walk(task, vma, vma.mm().ptes().lockWithoutRcu(task, address), address);
    }

    private int walk(Task task, Vma vma, @Nullable PteTable table, long address) {
        task.charge(memory.costs(), Cost.FAULT_WALK);
        if (table == null && vma.is(VmFlags.VM_HUGETLB)) {
            return hugetlb(task, vma, address);
        }
        if (table == null) {
            return huge(task, vma.mm(), address);
        }
        int found = pin(table.get(PteTable.index(address)));
        table.lock().unlock(task);
        return found;
    }

    /// What keeps such a table in place is this lock (`vma_pgtable_walk_begin`), which sleeps.
    private int hugetlb(Task task, Vma vma, long address) {
        vma.hugetlb().lock().downRead(task);
        int found = huge(task, vma.mm(), address);
        vma.hugetlb().lock().upRead(task);
        return found;
    }

    /// `FW_LEVEL_PMD`.
    private int huge(Task task, Mm mm, long address) {
        mm.pmdLock().lock(task);
        HugePmd huge = mm.pageTable().huge(address);
        int found = huge == null ? NOT_PRESENT : pin(mm.hugePmds().entryAt(huge, address));
        mm.pmdLock().unlock(task);
        return found;
    }

    private int pin(long entry) {
        if (!Pte.hasFolio(entry)) {
            return Pte.has(entry, Pte.PRESENT) ? ZERO_PAGE : NOT_PRESENT;
        }
        memory.folios().get(Pte.frame(entry));
        return Pte.frame(entry);
    }
}
