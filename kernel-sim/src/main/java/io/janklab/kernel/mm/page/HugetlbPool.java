package io.janklab.kernel.mm.page;

import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import java.util.ArrayDeque;

/// The huge pages set aside for hugetlb, 2 MiB each (Linux `struct hstate`, `vm.nr_hugepages`): the page freed last is taken first.
///
/// A mapping reserves pages without saying which. Whoever has none reserved gets a page only if more are free than are reserved. Each
/// operation is one step, as under `hugetlb_lock`.
public final class HugetlbPool {
    private final FolioTable folios;
    private final FrameAllocator frames;
    private final Interleaving interleaving;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int total;
    private int reserved;

    HugetlbPool(FolioTable folios, FrameAllocator frames, Interleaving interleaving) {
        this.folios = folios;
        this.frames = frames;
        this.interleaving = interleaving;
    }

    /// A write to `vm.nr_hugepages`: takes pages from the allocator, or gives back those that are neither in use nor reserved.
    ///
    /// @return how many there are then: fewer than wanted if there are not so many in a row, more if they are in use
    public int resize(int wanted) {
        changes();
        while (total < wanted) {
            int head = frames.allocateHuge(FolioTable.HUGETLB);
            if (head == FolioTable.NO_FRAME) {
                return total;
            }
            free.push(head);
            total++;
        }
        while (total > wanted && available() > 0) {
            int head = free.pop();
            folios.clear(head, FolioTable.HUGETLB);
            folios.putTestZero(head);
            frames.freeHuge(head);
            total--;
        }
        return total;
    }

    private void changes() {
        Interleaving.write(interleaving, Shared.FRAMES, 1, this);
    }

    /// Free pages that nobody has reserved (`available_huge_pages`).
    private int available() {
        return free.size() - reserved;
    }

    /// Sets pages aside for a mapping (`hugetlb_acct_memory`).
    ///
    /// @return false if there are not so many, and then none
    public boolean reserve(long pages) {
        changes();
        boolean enough = pages <= Math.max(0, available());
        reserved += enough ? (int) pages : 0;
        return enough;
    }

    /// A page that is in use still, but about to be free, is reserved again (`folio_set_hugetlb_restore_reserve`).
    public void reserveAgain() {
        changes();
        reserved++;
    }

    /// A reservation that has not been used ends.
    public void unreserve(int pages) {
        changes();
        reserved -= pages;
    }

    /// A page, with one reference, not zeroed (`dequeue_hugetlb_folio_vma`).
    ///
    /// @param hasReserved the caller has one reserved, which is used up if there is a page
    /// @return [FolioTable#NO_FRAME] if none is left
    public int take(boolean hasReserved) {
        changes();
        if (free.isEmpty() || !hasReserved && available() <= 0) {
            return FolioTable.NO_FRAME;
        }
        reserved -= hasReserved ? 1 : 0;
        return free.pop();
    }

    /// Its last reference has been dropped (`free_huge_folio`).
    void giveBack(int head) {
        changes();
        folios.reset(head);
        folios.initialise(head, FolioTable.HUGETLB | FolioTable.LARGE);
        free.push(head);
    }

    /// `HugePages_Total`.
    public int total() {
        return total;
    }

    /// `HugePages_Free`.
    public int free() {
        return free.size();
    }

    /// `HugePages_Rsvd`.
    public int reserved() {
        return reserved;
    }

    /// Whether a page is among the free ones.
    public boolean isFree(int head) {
        return free.contains(head);
    }
}
