package io.janklab.kernel.mm.table;

import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.TablePage;

/// A PMD entry that maps 2 MiB at once: a huge folio, or the huge zero page (`pmd_trans_huge`).
///
/// It carries the page table that a split needs, so that a split never fails for lack of memory (`pgtable_trans_huge_deposit`); mappings of
/// files carry none, since they are dropped instead.
public final class HugePmd implements TablePage {
    private final long base;
    private final int deposited;
    private long entry;

    /// `entry` as a [Pte] of the folio's first page; `deposited` is the frame of a page table, or [FolioTable#NO_FRAME].
    public HugePmd(long base, long entry, int deposited) {
        this.base = base;
        this.entry = entry;
        this.deposited = deposited;
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

    public long entry() {
        return entry;
    }

    public void update(long newEntry) {
        entry = newEntry;
    }

    /// The entry as it would be for the page at `address`.
    public long pte(long address) {
        return Pte.hasFolio(entry) ? Pte.withFrame(entry, Pte.frame(entry) + PteTable.index(address)) : entry;
    }

    public boolean hasDeposit() {
        return deposited != FolioTable.NO_FRAME;
    }

    /// The deposited table's.
    @Override
    public int frame() {
        return deposited;
    }

    /// A deposited table is never walked.
    @Override
    public void poison() {}

    /// See [PageTable#access].
    boolean access(boolean write) {
        if (!Pte.has(entry, write ? Pte.PRESENT | Pte.ACCESSIBLE | Pte.WRITE : Pte.PRESENT | Pte.ACCESSIBLE)) {
            return false;
        }
        entry |= write ? Pte.YOUNG | Pte.DIRTY : Pte.YOUNG;
        return true;
    }
}
