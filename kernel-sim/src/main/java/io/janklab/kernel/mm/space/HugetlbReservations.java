package io.janklab.kernel.mm.space;

import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.HugetlbPool;
import java.util.BitSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// For which pages of a file of hugetlb a page of the pool is reserved that has not been taken yet (Linux `struct resv_map`). Those of
/// shared memory are the file's, those of private memory belong to the process that has mapped it, and not to its children.
public final class HugetlbReservations {
    private final HugetlbPool pool;
    /// The address space, by its identity; null of shared memory.
    private final @Nullable Object owner;
    private final int shift;
    private final BitSet open = new BitSet();
    /// It began with reservations.
    private boolean reserves;

    HugetlbReservations(HugetlbPool pool, @Nullable Object owner, int shift) {
        this.pool = pool;
        this.owner = owner;
        this.shift = shift;
    }

    /// The binary logarithm of the size of its pages.
    public int shift() {
        return shift;
    }

    /// The size of its pages in bytes.
    public long pageSize() {
        return 1L << shift;
    }

    /// Whether no page begins there.
    public boolean isInside(long address) {
        return (address & pageSize() - 1) != 0;
    }

    private int number(long index) {
        return Math.toIntExact(index >>> shift - Addresses.PAGE_SHIFT);
    }

    void open(long pgoff, long length) {
        reserves = true;
        open.set(number(pgoff), number(pgoff + (length >>> Addresses.PAGE_SHIFT)));
    }

    /// Whether `mm` has a page reserved at that page offset.
    boolean has(Object mm, long index) {
        return (owner == null || owner == mm) && open.get(number(index));
    }

    void use(long index) {
        open.clear(number(index));
    }

    /// Whether `mm` has mapped this private memory, and reserved all of it (`HPAGE_RESV_OWNER`).
    public boolean isOwner(Object mm) {
        return reserves && owner == mm;
    }

    /// A page that its owner is about to give back is reserved again.
    public void restore(long index) {
        open.set(number(index));
        pool.reserveAgain();
    }

    /// A mapping has gone: what its owner has reserved there ends, but for what another of its mappings has, since mremap moves it
    /// (`hugetlb_vm_op_close`).
    ///
    /// @param mm whose mapping it was
    /// @param hasAnother whether `mm` has that page offset mapped elsewhere
    void unmapped(Object mm, long pgoff, long pages, LongPredicate hasAnother) {
        if (owner == null || mm != owner) {
            return;
        }
        long end = pgoff + pages;
        for (int i = open.nextSetBit(number(pgoff)); i >= 0 && i < number(end); i = open.nextSetBit(i + 1)) {
            if (!hasAnother.test((long) i << shift - Addresses.PAGE_SHIFT)) {
                close(i, i + 1);
            }
        }
    }

    /// The file goes.
    void closeAll() {
        close(0, open.length());
    }

    private void close(int from, int to) {
        int before = open.cardinality();
        open.clear(from, to);
        pool.unreserve(before - open.cardinality());
    }

    /// How many there are.
    public int count() {
        return open.cardinality();
    }
}
