package io.janklab.kernel.mm;

import io.janklab.kernel.lock.FolioLocks;

/// What is known of every frame of physical memory, six `int`s (24 bytes) each, side by side (Linux `struct folio`).
///
/// Chunks come into being with the first frame used in them, so that a large, empty machine costs nothing.
public final class FolioTable implements FolioLocks.Bits {
    public static final int NO_FRAME = -1;

    // Flags.
    /// Taken from the free list.
    public static final int ALLOCATED = 1;
    /// Holds a page table (`PageTable`).
    public static final int TABLE = 1 << 1;
    /// Anonymous memory (`PageAnon`).
    public static final int ANON = 1 << 2;
    /// Mapped by one process only, which may write without copying (`PageAnonExclusive`).
    public static final int ANON_EXCLUSIVE = 1 << 3;
    /// Needs swap to be reclaimed; clear on lazyfree folios.
    public static final int SWAPBACKED = 1 << 4;
    public static final int DIRTY = 1 << 5;
    /// On an LRU list, not isolated in a batch.
    public static final int LRU = 1 << 6;
    /// Kept once by reclaim because it had been accessed.
    public static final int REFERENCED = 1 << 7;
    /// `PG_locked`.
    public static final int LOCKED = 1 << 8;

    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;

    // Fields of a frame.
    private static final int FLAGS = 0;
    private static final int COUNTS = 1;
    private static final int MAPPING = 2;
    private static final int INDEX = 3;
    private static final int PREV = 4;
    private static final int NEXT = 5;
    private static final int FIELDS = 6;

    // COUNTS: reference count above map count.
    private static final int COUNT_BITS = 16;
    private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;

    // MAPPING: anon_vma id, and the bits of the index that do not fit its word.
    private static final int INDEX_HIGH_BITS = 4;

    private final int[][] chunks;

    FolioTable(int frames) {
        chunks = new int[(frames + CHUNK_FRAMES - 1) >>> CHUNK_SHIFT][];
    }

    /// Makes the records around `frame` exist.
    void populate(int frame) {
        if (chunks[frame >>> CHUNK_SHIFT] == null) {
            chunks[frame >>> CHUNK_SHIFT] = new int[CHUNK_FRAMES * FIELDS];
        }
    }

    private int[] chunk(int frame) {
        return chunks[frame >>> CHUNK_SHIFT];
    }

    private static int at(int frame, int field) {
        return (frame & CHUNK_FRAMES - 1) * FIELDS + field;
    }

    // Flags

    public boolean has(int frame, int flags) {
        return (chunk(frame)[at(frame, FLAGS)] & flags) == flags;
    }

    void set(int frame, int flags) {
        chunk(frame)[at(frame, FLAGS)] |= flags;
    }

    void clear(int frame, int flags) {
        chunk(frame)[at(frame, FLAGS)] &= ~flags;
    }

    @Override
    public boolean testAndSetLocked(int frame) {
        boolean wasLocked = has(frame, LOCKED);
        set(frame, LOCKED);
        return wasLocked;
    }

    @Override
    public void clearLocked(int frame) {
        clear(frame, LOCKED);
    }

    @Override
    public boolean isLocked(int frame) {
        return has(frame, LOCKED);
    }

    /// Whether MADV_FREE gave the folio up and its LRU batch has drained (`folio_test_anon && !folio_test_swapbacked`).
    public boolean isLazyfree(int frame) {
        return (chunk(frame)[at(frame, FLAGS)] & (ANON | SWAPBACKED)) == ANON;
    }

    // Counts

    public int mapcount(int frame) {
        return chunk(frame)[at(frame, COUNTS)] & COUNT_MAX;
    }

    public int refcount(int frame) {
        return chunk(frame)[at(frame, COUNTS)] >>> COUNT_BITS;
    }

    void incrementMapcount(int frame) {
        check(mapcount(frame) < COUNT_MAX, frame, "mapped too often");
        chunk(frame)[at(frame, COUNTS)]++;
    }

    void decrementMapcount(int frame) {
        check(mapcount(frame) > 0, frame, "unmapped but not mapped");
        chunk(frame)[at(frame, COUNTS)]--;
    }

    /// `folio_get`.
    void get(int frame) {
        check(refcount(frame) < COUNT_MAX, frame, "referenced too often");
        chunk(frame)[at(frame, COUNTS)] += 1 << COUNT_BITS;
    }

    /// `folio_put_testzero`: drops a reference and tells whether it was the last.
    boolean putTestZero(int frame) {
        check(refcount(frame) > 0, frame, "put without a reference");
        int counts = chunk(frame)[at(frame, COUNTS)] - (1 << COUNT_BITS);
        chunk(frame)[at(frame, COUNTS)] = counts;
        return counts >>> COUNT_BITS == 0;
    }

    /// A frame fresh from the free list: these flags, one reference, no mapping.
    void initialise(int frame, int flags) {
        int[] chunk = chunk(frame);
        int base = at(frame, FLAGS);
        check(chunk[base] == 0, frame, "allocated twice");
        chunk[base + FLAGS] = flags | ALLOCATED;
        chunk[base + COUNTS] = 1 << COUNT_BITS;
        chunk[base + MAPPING] = 0;
    }

    /// Forgets everything about a frame that goes back to the free list.
    void reset(int frame) {
        check(has(frame, ALLOCATED), frame, "freed twice");
        check(chunk(frame)[at(frame, COUNTS)] == 0, frame, "freed in use");
        check(!has(frame, LOCKED) && !has(frame, LRU), frame, "freed while locked or on an LRU list");
        chunk(frame)[at(frame, FLAGS)] = 0;
    }

    // Reverse map

    /// Makes the folio the anonymous page at page offset `index` of `anonVmaId` (`__folio_set_anon`).
    void setAnon(int frame, int anonVmaId, long index) {
        int[] chunk = chunk(frame);
        int base = at(frame, FLAGS);
        chunk[base + FLAGS] |= ANON | ANON_EXCLUSIVE | SWAPBACKED;
        chunk[base + MAPPING] = anonVmaId << INDEX_HIGH_BITS | (int) (index >>> Integer.SIZE);
        chunk[base + INDEX] = (int) index;
    }

    /// Makes an anonymous folio that is mapped once its VMA's own again (`folio_move_anon_rmap`).
    void moveAnonRmap(int frame, int anonVmaId) {
        moveAnon(frame, anonVmaId, index(frame));
        set(frame, ANON_EXCLUSIVE);
    }

    /// An exclusive folio goes to another VMA and offset (`folio_move_anon_rmap`, UFFDIO_MOVE).
    void moveAnon(int frame, int anonVmaId, long index) {
        int[] chunk = chunk(frame);
        int base = at(frame, FLAGS);
        chunk[base + MAPPING] = anonVmaId << INDEX_HIGH_BITS | (int) (index >>> Integer.SIZE);
        chunk[base + INDEX] = (int) index;
    }

    /// The id of the folio's anon_vma; 0 if it has none.
    public int anonVmaId(int frame) {
        return chunk(frame)[at(frame, MAPPING)] >>> INDEX_HIGH_BITS;
    }

    /// The folio's page offset within its anon_vma (`folio->index`).
    public long index(int frame) {
        long high = chunk(frame)[at(frame, MAPPING)] & (1 << INDEX_HIGH_BITS) - 1;
        return high << Integer.SIZE | chunk(frame)[at(frame, INDEX)] & 0xffff_ffffL;
    }

    // Links: of the LRU list the frame is on, or of the free list.

    int prev(int frame) {
        return chunk(frame)[at(frame, PREV)];
    }

    int next(int frame) {
        return chunk(frame)[at(frame, NEXT)];
    }

    void setPrev(int frame, int prev) {
        chunk(frame)[at(frame, PREV)] = prev;
    }

    void setNext(int frame, int next) {
        chunk(frame)[at(frame, NEXT)] = next;
    }

    private static void check(boolean sound, int frame, String bug) {
        if (!sound) {
            throw new IllegalStateException("kernel bug: frame " + frame + " " + bug);
        }
    }
}
