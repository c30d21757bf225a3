package io.janklab.allocator.arena;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which extent a page belongs to: a radix tree over page numbers (`emap.c`, `rtree.c`), three levels of 4,096 for 48 address bits.
///
/// Every extent is entered at its first and last page, so that neighbours can be found; a slab at every page, so that it can be found from
/// any of its regions. Other pages hold nothing.
final class Emap {
    private static final int LG_LEAF = 12;
    private static final int LEVEL = 1 << LG_LEAF;
    private static final int LEAF_SHIFT = SizeClasses.LG_PAGE + LG_LEAF;
    private static final int MIDDLE_SHIFT = LEAF_SHIFT + LG_LEAF;

    private static final Edata[] EMPTY = {};
    private static final Edata[][] NOTHING = {};

    private final Edata[][][] root = new Edata[LEVEL][][];
    private long lastKey = -1;
    private Edata @Nullable [] lastLeaf;

    /// The extent entered at the page of `address`, or null.
    @Nullable Edata lookup(long address) {
        Edata[] leaf = address >>> LEAF_SHIFT == lastKey ? lastLeaf : leaf(address);
        return leaf == null ? null : leaf[(int) (address >>> SizeClasses.LG_PAGE) & (LEVEL - 1)];
    }

    /// The extent entered there, where there must be one.
    Edata at(long address) {
        return Objects.requireNonNull(lookup(address));
    }

    private Edata @Nullable [] leaf(long address) {
        long top = address >>> MIDDLE_SHIFT;
        Edata[][] middle = top < LEVEL ? root[(int) top] : null;
        Edata[] leaf = middle == null ? null : middle[(int) (address >>> LEAF_SHIFT) & (LEVEL - 1)];
        if (leaf != null) {
            lastKey = address >>> LEAF_SHIFT;
            lastLeaf = leaf;
        }
        return leaf;
    }

    /// Enters an extent at its ends.
    void register(Edata extent) {
        set(extent.base(), extent);
        set(extent.lastPage(), extent);
    }

    /// Clears an extent's ends.
    void deregister(Edata extent) {
        set(extent.base(), null);
        set(extent.lastPage(), null);
    }

    /// Enters a slab at the pages between its ends.
    void registerInterior(Edata slab) {
        fillInterior(slab, slab);
    }

    void deregisterInterior(Edata slab) {
        fillInterior(slab, null);
    }

    private void fillInterior(Edata slab, @Nullable Edata value) {
        for (long page = slab.base() + SizeClasses.PAGE; page < slab.lastPage(); page += SizeClasses.PAGE) {
            set(page, value);
        }
    }

    /// Every extent, in order of address; for checks.
    void forEachExtent(Consumer<Edata> action) {
        Edata last = null;
        for (Edata[][] middle : root) {
            for (Edata[] leaf : middle == null ? NOTHING : middle) {
                for (Edata extent : leaf == null ? EMPTY : leaf) {
                    if (extent != null && extent != last) {
                        action.accept(extent);
                        last = extent;
                    }
                }
            }
        }
    }

    private void set(long address, @Nullable Edata extent) {
        Edata[] leaf = leaf(address);
        if (leaf == null) {
            leaf = newLeaf(address);
        }
        leaf[(int) (address >>> SizeClasses.LG_PAGE) & (LEVEL - 1)] = extent;
    }

    private Edata[] newLeaf(long address) {
        int top = (int) (address >>> MIDDLE_SHIFT);
        if (root[top] == null) {
            root[top] = new Edata[LEVEL][];
        }
        Edata[] leaf = new Edata[LEVEL];
        root[top][(int) (address >>> LEAF_SHIFT) & (LEVEL - 1)] = leaf;
        return leaf;
    }
}
