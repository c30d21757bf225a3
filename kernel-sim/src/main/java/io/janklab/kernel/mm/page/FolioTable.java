package io.janklab.kernel.mm.page;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.FolioLocks;

/// The record of every frame of physical memory, five `int`s (20 bytes) each, side by side (Linux `struct folio`).
///
/// Chunks are allocated with the first frame used in them, so that a large, empty machine costs nothing.
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
    /// On an active LRU list, or to be put there.
    public static final int ACTIVE = 1 << 9;
    /// In the swap cache, which holds a reference to it.
    public static final int SWAPCACHE = 1 << 10;
    /// Holds compressed pages (zsmalloc).
    public static final int ZRAM = 1 << 11;
    /// Mapped where memory is mlocked (`PG_mlocked`).
    public static final int MLOCKED = 1 << 12;
    /// Nothing for reclaim to look at, since it was mlocked when it reached the LRU (`PG_unevictable`).
    public static final int UNEVICTABLE = 1 << 13;

    /// A page of a file that reclaim would free were it clean (`PG_reclaim`); faults take the same bit for a mark to read ahead at
    /// (`PG_readahead`).
    public static final int RECLAIM = 1 << 14;

    /// A page of a huge folio of which only mappings have been split: for Linux it is one folio still.
    public static final int UNSPLIT = 1 << 15;

    /// The first page of a huge folio, which speaks for all 512 (`folio_test_large`).
    public static final int LARGE = 1 << 16;
    /// Another page of a huge folio.
    public static final int TAIL = 1 << 17;

    /// A huge page that belongs to the pool of hugetlb, not to the allocator, even while it is free (`folio_test_hugetlb`).
    public static final int HUGETLB = 1 << 18;

    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;

    // Fields of a frame.
    /// Map count above flags.
    private static final int STATE = 0;
    /// Anon_vma id above reference count.
    private static final int MAPPING = 1;
    /// The lower half of the page offset.
    private static final int INDEX = 2;
    /// The link, above the bits of the page offset that do not fit its word.
    private static final int PREV = 3;
    private static final int NEXT = 4;
    private static final int FIELDS = 5;

    private static final int FLAG_BITS = 20;
    private static final int COUNT_BITS = 12;
    private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;
    private static final int ONE_MAPPING = 1 << FLAG_BITS;
    private static final int MOST_ANON_VMAS = 1 << (Integer.SIZE - COUNT_BITS);
    private static final int INDEX_HIGH_BITS = 4;
    private static final int INDEX_HIGH_MASK = (1 << INDEX_HIGH_BITS) - 1;
    private static final int MOST_FRAMES = 1 << (Integer.SIZE - INDEX_HIGH_BITS - 1);

    private final Interleaving interleaving;
    private final int frames;
    private final int[][] chunks;

    public FolioTable(int frames, Interleaving interleaving) {
        if (frames > MOST_FRAMES) {
            throw new IllegalArgumentException("a machine has at most " + MOST_FRAMES + " pages of memory, not " + frames);
        }
        this.interleaving = interleaving;
        this.frames = frames;
        chunks = new int[(frames + CHUNK_FRAMES - 1) >>> CHUNK_SHIFT][];
    }

    /// Allocates the records around `frame`.
    void populate(int frame) {
        if (chunks[frame >>> CHUNK_SHIFT] == null) {
            chunks[frame >>> CHUNK_SHIFT] = new int[Math.min(CHUNK_FRAMES, frames) * FIELDS];
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
        return (flags(frame) & flags) == flags;
    }

    /// All flags at once, with other bits above them.
    int flags(int frame) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, false);
        return chunk(frame)[at(frame, STATE)];
    }

    public void set(int frame, int flags) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, true);
        chunk(frame)[at(frame, STATE)] |= flags;
    }

    /// Clears some flags and sets others.
    void change(int frame, int cleared, int set) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, true);
        int[] chunk = chunk(frame);
        int at = at(frame, STATE);
        chunk[at] = (chunk[at] & ~cleared) | set;
    }

    public void clear(int frame, int flags) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, true);
        chunk(frame)[at(frame, STATE)] &= ~flags;
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

    /// Whether MADV_FREE has made the folio lazyfree and its LRU batch has drained (`folio_test_anon && !folio_test_swapbacked`).
    public boolean isLazyfree(int frame) {
        return (flags(frame) & (ANON | SWAPBACKED)) == ANON;
    }

    /// A folio in words, for observers: `refs 1, maps 1, lazyfree`.
    public String describe(int frame) {
        int state = chunk(frame)[at(frame, STATE)];
        boolean lazyfree = (state & (ANON | SWAPBACKED)) == ANON;
        return "refs " + refcountNow(frame) + ", maps " + mapcountNow(frame) + (lazyfree ? ", lazyfree" : "");
    }

    // Counts

    public int mapcount(int frame) {
        Interleaving.read(interleaving, Shared.MAPPINGS, frame, this);
        return mapcountNow(frame);
    }

    private int mapcountNow(int frame) {
        return chunk(frame)[at(frame, STATE)] >>> FLAG_BITS;
    }

    public int refcount(int frame) {
        Interleaving.read(interleaving, Shared.REFERENCES, frame, this);
        return refcountNow(frame);
    }

    private int refcountNow(int frame) {
        return chunk(frame)[at(frame, MAPPING)] & COUNT_MAX;
    }

    public void incrementMapcount(int frame) {
        Interleaving.add(interleaving, Shared.MAPPINGS, frame, this);
        check(mapcountNow(frame) < COUNT_MAX, frame, "mapped too often");
        chunk(frame)[at(frame, STATE)] += ONE_MAPPING;
    }

    public void decrementMapcount(int frame) {
        Interleaving.add(interleaving, Shared.MAPPINGS, frame, this);
        check(mapcountNow(frame) > 0, frame, "unmapped but not mapped");
        chunk(frame)[at(frame, STATE)] -= ONE_MAPPING;
    }

    /// `folio_get`.
    public void get(int frame) {
        Interleaving.add(interleaving, Shared.REFERENCES, frame, this);
        check(refcountNow(frame) < COUNT_MAX, frame, "referenced too often");
        chunk(frame)[at(frame, MAPPING)]++;
    }

    /// `folio_try_get`: false if it is about to be freed.
    public boolean tryGet(int frame) {
        Interleaving.add(interleaving, Shared.REFERENCES, frame, this);
        boolean alive = refcountNow(frame) > 0;
        if (alive) {
            chunk(frame)[at(frame, MAPPING)]++;
        } else {
            Interleaving.note(interleaving, Shared.REFERENCES, frame, true);
        }
        return alive;
    }

    /// `folio_put_testzero`: drops a reference and returns whether it was the last.
    public boolean putTestZero(int frame) {
        Interleaving.add(interleaving, Shared.REFERENCES, frame, this);
        check(refcountNow(frame) > 0, frame, "put without a reference");
        boolean last = (--chunk(frame)[at(frame, MAPPING)] & COUNT_MAX) == 0;
        if (last) {
            Interleaving.note(interleaving, Shared.REFERENCES, frame, true);
        }
        return last;
    }

    /// A frame fresh from the free list: these flags, one reference, no mapping.
    void initialise(int frame, int flags) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, true);
        Interleaving.note(interleaving, Shared.REFERENCES, frame, true);
        int[] chunk = chunk(frame);
        int base = at(frame, STATE);
        check(chunk[base] == 0, frame, "allocated twice");
        chunk[base + STATE] = flags | ALLOCATED;
        chunk[base + MAPPING] = 1;
    }

    /// Forgets everything about a frame that goes back to the free list.
    void reset(int frame) {
        checkUnused(frame, flags(frame));
        Interleaving.note(interleaving, Shared.REFERENCES, frame, true);
        Interleaving.note(interleaving, Shared.MAPPINGS, frame, true);
        chunk(frame)[at(frame, STATE)] = 0;
    }

    private void checkUnused(int frame, int flags) {
        check((flags & ALLOCATED) != 0, frame, "freed twice");
        check(mapcountNow(frame) == 0 && refcountNow(frame) == 0, frame, "freed in use");
        check((flags & (LOCKED | LRU)) == 0, frame, "freed while locked or on an LRU list");
    }

    // Reverse map

    /// Makes the folio the anonymous page at page offset `index` of `anonVmaId` (`__folio_set_anon`).
    public void setAnon(int frame, int anonVmaId, long index) {
        set(frame, ANON | ANON_EXCLUSIVE | SWAPBACKED);
        moveAnon(frame, anonVmaId, index);
    }

    /// Makes an anonymous folio that is mapped once exclusive to its VMA again (`folio_move_anon_rmap`).
    public void moveAnonRmap(int frame, int anonVmaId) {
        moveAnon(frame, anonVmaId, index(frame));
        set(frame, ANON_EXCLUSIVE);
    }

    /// Moves an exclusive folio to another VMA and offset (`folio_move_anon_rmap`, UFFDIO_MOVE).
    public void moveAnon(int frame, int anonVmaId, long index) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, true);
        check(anonVmaId < MOST_ANON_VMAS, frame, "is of one anon_vma too many");
        int[] chunk = chunk(frame);
        int base = at(frame, STATE);
        chunk[base + MAPPING] = anonVmaId << COUNT_BITS | (chunk[base + MAPPING] & COUNT_MAX);
        setIndex(chunk, base, index);
    }

    private static void setIndex(int[] chunk, int base, long index) {
        chunk[base + INDEX] = (int) index;
        chunk[base + PREV] = (chunk[base + PREV] & ~INDEX_HIGH_MASK) | (int) (index >>> Integer.SIZE);
    }

    /// The id of the folio's anon_vma; 0 if it has none.
    public int anonVmaId(int frame) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, false);
        return chunk(frame)[at(frame, MAPPING)] >>> COUNT_BITS;
    }

    /// The folio's page offset within its anon_vma (`folio->index`).
    public long index(int frame) {
        Interleaving.note(interleaving, Shared.FOLIO, frame, false);
        long high = chunk(frame)[at(frame, PREV)] & INDEX_HIGH_MASK;
        return high << Integer.SIZE | (chunk(frame)[at(frame, INDEX)] & 0xffff_ffffL);
    }

    /// Makes page `i` of a huge folio a folio like its head, which is mapped so many times.
    public void splitTail(int head, int i, int mappings) {
        int tail = head + i;
        clear(tail, TAIL);
        set(tail, chunk(head)[at(head, STATE)] & (ANON | ANON_EXCLUSIVE | SWAPBACKED | DIRTY | MLOCKED | ACTIVE | UNSPLIT));
        moveAnon(tail, anonVmaId(head), index(head) + i);
        incrementMapcount(tail);
        for (int more = 1; more < mappings; more++) {
            incrementMapcount(tail);
            get(tail);
        }
    }

    /// The first frame of the folio that `frame` is a page of (`page_folio`).
    public int head(int frame) {
        return has(frame, TAIL) ? frame & -FrameAllocator.HUGE_FRAMES : frame;
    }

    // Links: of the LRU list the frame is on, or of the free list.

    int prev(int frame) {
        return chunk(frame)[at(frame, PREV)] >> INDEX_HIGH_BITS;
    }

    int next(int frame) {
        return chunk(frame)[at(frame, NEXT)];
    }

    void setPrev(int frame, int prev) {
        int[] chunk = chunk(frame);
        int at = at(frame, PREV);
        chunk[at] = prev << INDEX_HIGH_BITS | (chunk[at] & INDEX_HIGH_MASK);
    }

    void setNext(int frame, int next) {
        chunk(frame)[at(frame, NEXT)] = next;
    }

    /// How many mlocked mappings an unevictable folio has, as far as they were counted (`folio->mlock_count`): stored in place of a link.
    int mlockCount(int frame) {
        return next(frame);
    }

    void setMlockCount(int frame, int count) {
        setNext(frame, count);
    }

    private static void check(boolean sound, int frame, String bug) {
        if (!sound) {
            throw new KernelRuleBroken("kernel bug: frame " + frame + " " + bug);
        }
    }
}
