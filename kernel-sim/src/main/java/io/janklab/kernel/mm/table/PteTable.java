package io.janklab.kernel.mm.table;

import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.TablePage;
import org.jspecify.annotations.Nullable;

/// The last level of the page tables: 512 entries, 2 MiB of addresses, under a lock of its own (split PTE locks).
///
/// Readers may still hold a table that has been removed from the tree, until a grace period has passed; they check [#isDetached] once they
/// have its lock ([PteLock]). Touching it later is a [PageTableUseAfterFree].
public final class PteTable implements TablePage {
    public static final int ENTRIES = 512;

    /// Null once the table has been freed.
    private long @Nullable [] entries;
    private final long base;
    private final int frame;
    private final SpinLock lock;
    /// Its lock's number.
    private final int id;
    private final Interleaving interleaving;
    private int used;
    private boolean detached;

    public PteTable(long base, int frame, SpinLock lock) {
        this(base, frame, lock, new long[ENTRIES], 0);
    }

    private PteTable(long base, int frame, SpinLock lock, long[] entries, int used) {
        this.entries = entries;
        this.used = used;
        this.base = base;
        this.frame = frame;
        this.lock = lock;
        this.id = lock.id();
        this.interleaving = lock.interleaving();
    }

    /// The same table, with its lock, for other addresses; readers that still hold this one find it detached.
    PteTable movedTo(long newBase) {
        return new PteTable(newBase, frame, lock, entries(), used);
    }

    /// The first address it maps.
    @Override
    public long base() {
        return base;
    }

    /// The first address beyond it.
    public long end() {
        return base + Addresses.PMD_SIZE;
    }

    public boolean maps(long address) {
        return address >>> Addresses.PMD_SHIFT == base >>> Addresses.PMD_SHIFT;
    }

    /// The address an entry maps.
    public long address(int index) {
        return base + ((long) index << Addresses.PAGE_SHIFT);
    }

    /// The frame the table itself occupies.
    @Override
    public int frame() {
        return frame;
    }

    public SpinLock lock() {
        entries();
        return lock;
    }

    /// Entries that are not none.
    public int used() {
        Interleaving.note(interleaving, Shared.TABLE_USE, id, false);
        return used;
    }

    public long get(int index) {
        Interleaving.read(interleaving, Shared.PTE, id(index), this);
        return entries()[index];
    }

    /// An entry in words, for observers: `frame 3, writable, dirty`.
    public String describe(int index) {
        return entries == null ? "freed" : Pte.describe(entries[index]);
    }

    private long[] entries() {
        Interleaving.note(interleaving, Shared.TABLE, id, false);
        if (entries == null) {
            throw new PageTableUseAfterFree(base);
        }
        return entries;
    }

    @Override
    public void poison() {
        Interleaving.note(interleaving, Shared.TABLE, id, true);
        entries = null;
    }

    /// See [PageTable#access].
    boolean access(int index, boolean write) {
        Interleaving.write(interleaving, Shared.PTE, id(index), this);
        long[] all = entries();
        long pte = all[index];
        long touched = write ? Pte.YOUNG | Pte.DIRTY : Pte.YOUNG;
        if (!Pte.allows(pte, write)) {
            return false;
        }
        if ((pte & touched) != touched) {
            all[index] = pte | touched;
        }
        return true;
    }

    /// Whether a store finds its entry writable, and dirties it.
    boolean isClean(int index) {
        return (entries()[index] & (Pte.WRITE | Pte.DIRTY)) == Pte.WRITE;
    }

    /// See [PageTable#translate].
    long translate(int index, boolean write) {
        return access(index, write) ? entries()[index] : Pte.NONE;
    }

    /// Replaces an entry; neither the old nor the new one is none.
    public void update(int index, long pte) {
        Interleaving.write(interleaving, Shared.PTE, id(index), this);
        entries()[index] = pte;
    }

    /// Fills an entry that was none.
    public void install(int index, long pte) {
        Interleaving.write(interleaving, Shared.PTE, id(index), this);
        entries()[index] = pte;
        Interleaving.note(interleaving, Shared.TABLE_USE, id, true);
        used++;
    }

    /// Empties an entry that was not none.
    public void clear(int index) {
        Interleaving.write(interleaving, Shared.PTE, id(index), this);
        entries()[index] = Pte.NONE;
        Interleaving.note(interleaving, Shared.TABLE_USE, id, true);
        used--;
    }

    /// Empties an entry that was not none, in one instant (`ptep_get_and_clear`): an access before it shows in the bits returned, one
    /// after it takes a fault.
    public long getAndClear(int index) {
        Interleaving.write(interleaving, Shared.PTE, id(index), this);
        long[] all = entries();
        long pte = all[index];
        all[index] = Pte.NONE;
        Interleaving.note(interleaving, Shared.TABLE_USE, id, true);
        used--;
        return pte;
    }

    /// Clears bits of an entry in one instant, so that bits the hardware sets meanwhile are kept (`ptep_set_wrprotect`,
    /// `ptep_test_and_clear_young`).
    ///
    /// @return the entry as it was
    public long clearBits(int index, long bits) {
        Interleaving.write(interleaving, Shared.PTE, id(index), this);
        long[] all = entries();
        long pte = all[index];
        all[index] = pte & ~bits;
        return pte;
    }

    /// The first entry in `[from, to)` that is not none, or `to`.
    public int nextUsed(int from, int to) {
        Interleaving.note(interleaving, Shared.TABLE_USE, id, false);
        long[] scanned = entries();
        int index = from;
        while (index < to && scanned[index] == Pte.NONE) {
            index++;
        }
        return index;
    }

    public boolean isDetached() {
        entries();
        return detached;
    }

    void detach() {
        Interleaving.note(interleaving, Shared.TABLE, id, true);
        detached = true;
    }

    void attach() {
        Interleaving.note(interleaving, Shared.TABLE, id, true);
        detached = false;
    }

    /// The name of an entry, for accesses.
    private long id(int index) {
        return (long) id * ENTRIES + index;
    }

    public static int index(long address) {
        return (int) (address >>> Addresses.PAGE_SHIFT) & ENTRIES - 1;
    }
}
