package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.FaultPath;
import org.jspecify.annotations.Nullable;

/// One page fault in progress (Linux `struct vm_fault`): the access, the lock under which it is handled, and its page-table entry as it was
/// looked up.
public final class VmFault {
    private final Task task;
    private final Mm mm;
    private final long address;
    private final boolean write;
    @SuppressWarnings("NullAway.Init")
    private Vma vma;
    private int flags;
    private long entry;
    private boolean tableFound;
    /// Of mmap_lock, where the fault speculates.
    private int sequence;
    private boolean overtaken;

    // The course of the access so far.
    private FaultPath path = FaultPath.MMAP_LOCK;
    private int retries;
    private boolean refused;

    public VmFault(Task task, Mm mm, long address, boolean write) {
        this.task = task;
        this.mm = mm;
        this.address = address;
        this.write = write;
    }

    /// Another attempt: in `vma`, under the lock that `newFlags` name ([FaultFlags]).
    public VmFault in(Vma newVma, int newFlags) {
        vma = newVma;
        flags = newFlags;
        return this;
    }

    /// An attempt under no lock, `copy` having been made of its VMA since mmap_lock's sequence was `seen`.
    public VmFault speculatingIn(Vma copy, int seen) {
        sequence = seen;
        overtaken = false;
        return in(copy, FaultFlags.SPECULATIVE);
    }

    /// The first attempt without mmap_lock, or another.
    public void tryWithoutMmapLock() {
        refused = false;
    }

    /// A writer has refused the attempt: what follows is on another path.
    public FaultOutcome refuse(FaultPath insteadOn) {
        path = insteadOn;
        refused = true;
        return FaultOutcome.RETRY;
    }

    /// Whether a writer has refused the last attempt without mmap_lock.
    public boolean isRefused() {
        return refused;
    }

    /// An attempt has to be made again.
    public void retry() {
        retries++;
    }

    /// The path on which it has been handled, or goes on.
    public void setPath(FaultPath newPath) {
        path = newPath;
    }

    public FaultPath path() {
        return path;
    }

    /// How often an attempt had to be made again.
    public int retries() {
        return retries;
    }

    /// Whether the attempt has found that mmap_lock has been write-locked meanwhile.
    public boolean isOvertaken() {
        return overtaken;
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

    /// The table, locked, if the entry is still as [#lookUp] read it; null if another task has been faster, or a writer of mmap_lock has
    /// overtaken a fault that speculates: one that comes only now waits for the table's lock before it removes anything.
    public @Nullable PteTable lockIfUnchanged() {
        PteTable table = mm.ptes().lockIfUnchanged(task, address, entry);
        if (table != null && has(FaultFlags.SPECULATIVE) && isChangedSince(sequence)) {
            overtaken = true;
            table.lock().unlock(task);
            return null;
        }
        return table;
    }

    private boolean isChangedSince(int seen) {
        return mm.memory().profile().keeps(Switch.RULE_SPECULATION_RECHECK) && !mm.lockSequence().isStill(seen);
    }

    /// Releases the lock the fault is handled under, if any, before a wait that must not hold it (`release_fault_lock`).
    public void releaseLock() {
        if (has(FaultFlags.SPECULATIVE)) {
            return;
        }
        if (has(FaultFlags.VMA_LOCK)) {
            mm.endRead(task, vma);
        } else {
            mm.mmapLock().upRead(task);
        }
    }
}
