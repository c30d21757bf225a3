package io.janklab.kernel.mm.table;

/// A page-table entry as a `long`: status bits below, frame number above. Zero is `pte_none`.
///
/// Accessed and dirty bits are the hardware's: a permitted access sets them without a fault.
public final class Pte {
    public static final long NONE = 0;
    /// In place of an entry for which there is no table. Neither a folio nor in swap.
    public static final long NO_TABLE = -1;
    /// The entry maps a page.
    public static final long PRESENT = 1;
    /// User mode may read; clear under PROT_NONE (`pte_protnone`), and where a protection key forbids it.
    public static final long ACCESSIBLE = 1 << 1;
    public static final long WRITE = 1 << 2;
    public static final long YOUNG = 1 << 3;
    public static final long DIRTY = 1 << 4;
    /// The shared zero page: no frame behind it, no reverse map, no counters.
    static final long ZERO_PAGE = 1 << 5;

    /// A write fault goes to user space (`pte_uffd_wp`). As the whole entry it is a marker (`PTE_MARKER_UFFD_WP`): the page of a file that
    /// is mapped here next is write-protected.
    public static final long UFFD_WP = 1 << 7;
    /// A guard marker (`PTE_MARKER_GUARD`), the whole entry: touching the page raises SIGSEGV.
    public static final long GUARD = 1 << 8;

    /// The page is in swap, with its slot in place of the frame number.
    static final long SWAP = 1 << 9;
    /// The page in swap was mapped by one process only (`pte_swp_exclusive`).
    public static final long SWAP_EXCLUSIVE = 1 << 10;

    /// A poison marker (`PTE_MARKER_POISONED`), the whole entry: touching the page raises SIGBUS.
    public static final long POISON = 1 << 11;

    private static final int FRAME_SHIFT = 12;

    private Pte() {}

    public static long of(int frame, long bits) {
        return (long) frame << FRAME_SHIFT | PRESENT | bits;
    }

    public static long ofZeroPage(long bits) {
        return PRESENT | ZERO_PAGE | bits;
    }

    public static long ofSwap(int slot, long bits) {
        return (long) slot << FRAME_SHIFT | SWAP | bits;
    }

    /// The slot of an entry that is in swap.
    public static int slot(long pte) {
        return (int) (pte >>> FRAME_SHIFT);
    }

    /// The same entry for another frame.
    static long withFrame(long pte, int frame) {
        return (long) frame << FRAME_SHIFT | (pte & (1L << FRAME_SHIFT) - 1);
    }

    public static int frame(long pte) {
        return (int) (pte >>> FRAME_SHIFT);
    }

    /// Whether the entry maps a folio, as opposed to nothing or the zero page (`vm_normal_page`).
    public static boolean hasFolio(long pte) {
        return (pte & (PRESENT | ZERO_PAGE)) == PRESENT;
    }

    public static boolean isSwap(long pte) {
        return (pte & (PRESENT | SWAP)) == SWAP;
    }

    public static boolean isGuard(long pte) {
        return pte == GUARD;
    }

    /// Whether the entry is a marker, which takes a page's place (`is_pte_marker`).
    public static boolean isMarker(long pte) {
        return pte == GUARD || pte == POISON || pte == UFFD_WP;
    }

    /// In words.
    static String describe(long pte) {
        if (pte == NONE || isMarker(pte)) {
            return pte == NONE ? "none" : isGuard(pte) ? "guard" : pte == POISON ? "poison" : "uffd-wp marker";
        }
        if (isSwap(pte)) {
            return "swap slot " + slot(pte);
        }
        String page = hasFolio(pte) ? "frame " + frame(pte) : "zero page";
        return page + (has(pte, WRITE) ? ", writable" : "") + (has(pte, DIRTY) ? ", dirty" : "") + (has(pte, UFFD_WP) ? ", uffd-wp" : "");
    }

    /// Whether the hardware lets a program read, or write, through the entry.
    static boolean allows(long pte, boolean write) {
        return has(pte, PRESENT | ACCESSIBLE) && (!write || has(pte, WRITE));
    }

    public static boolean has(long pte, long bits) {
        return (pte & bits) == bits;
    }
}
