package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;

/// One page fault in progress (Linux `struct vm_fault`): the access, the lock under which it is handled, and its page-table entry as it was
/// looked up.
public final class VmFault {
    private final Task task;
    private final Mm mm;
    private final long address;
    private final boolean write;
    private Vma vma;
    private int flags;
    private long entry;
    private boolean tableFound;

    public VmFault(Task task, Mm mm, long address, boolean write) {
        this.task = task;
        this.mm = mm;
        this.address = address;
        this.write = write;
    }

    /// A fault taken on the kernel's own behalf, which keeps the locks it holds ([FaultFlags#KEEP_LOCK]).
    public static VmFault keepingLock(Task task, Vma vma, long address, boolean write) {
        return new VmFault(task, vma.mm(), address, write).in(vma, FaultFlags.KEEP_LOCK);
    }

    /// Another attempt: in `vma`, under the lock that `newFlags` name ([FaultFlags]).
    public VmFault in(Vma newVma, int newFlags) {
        vma = newVma;
        flags = newFlags;
        return this;
    }

    public Task task() {
        return task;
    }

    public Mm mm() {
        return mm;
    }

    public Vma vma() {
        return vma;
    }

    public long address() {
        return address;
    }

    /// Of the address's entry in its table.
    public int index() {
        return PteTable.index(address);
    }

    public boolean isWrite() {
        return write;
    }

    public boolean has(int flag) {
        return FaultFlags.has(flags, flag);
    }

    /// Reads the entry without the table's lock (`pte_offset_map`, `ptep_get_lockless`); [Pte#NONE] also where there is no table.
    public void lookUp() {
        long found = mm.ptes().peek(address);
        tableFound = found != Pte.NO_TABLE;
        entry = tableFound ? found : Pte.NONE;
    }

    /// Whether [#lookUp] has found a page table.
    public boolean foundTable() {
        return tableFound;
    }

    /// The entry that [#lookUp] has read (`orig_pte`).
    public long entry() {
        return entry;
    }

    /// The table, locked, if the entry is still as [#lookUp] read it; null if another task has been faster.
    public PteTable lockIfUnchanged() {
        return mm.ptes().lockIfUnchanged(task, address, entry);
    }

    /// Releases the lock the fault is handled under, before a wait that must not hold it (`release_fault_lock`).
    public void releaseLock() {
        if (has(FaultFlags.VMA_LOCK)) {
            mm.endRead(task, vma);
        } else {
            mm.mmapLock().upRead(task);
        }
    }
}
