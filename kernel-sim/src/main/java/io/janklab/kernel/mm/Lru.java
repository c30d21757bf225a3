package io.janklab.kernel.mm;

/// The machine's LRU lists: anonymous folios, and lazyfree ones, which Linux keeps on the inactive file list.
///
/// Lists are doubly linked through the frames themselves, head = newest.
public final class Lru {
    /// `LRU_INACTIVE_ANON`.
    public static final int ANON = 0;
    /// `LRU_INACTIVE_FILE`, where only lazyfree folios live here.
    public static final int LAZYFREE = 1;
    private static final int LISTS = 2;

    private final FolioTable folios;
    private final int[] head = new int[LISTS];
    private final int[] tail = new int[LISTS];
    private final int[] size = new int[LISTS];

    Lru(FolioTable folios) {
        this.folios = folios;
        for (int list = 0; list < LISTS; list++) {
            head[list] = FolioTable.NO_FRAME;
            tail[list] = FolioTable.NO_FRAME;
        }
    }

    /// Which list a folio's flags put it on (`folio_lru_list`).
    private int listOf(int frame) {
        return folios.has(frame, FolioTable.SWAPBACKED) ? ANON : LAZYFREE;
    }

    /// Links a folio at the head of its list (`lruvec_add_folio`).
    void add(int frame) {
        int list = listOf(frame);
        int first = head[list];
        folios.setPrev(frame, FolioTable.NO_FRAME);
        folios.setNext(frame, first);
        if (first == FolioTable.NO_FRAME) {
            tail[list] = frame;
        } else {
            folios.setPrev(first, frame);
        }
        head[list] = frame;
        size[list]++;
    }

    /// Unlinks a folio; its flags still name the list it is on (`lruvec_del_folio`).
    void remove(int frame) {
        int list = listOf(frame);
        int before = folios.prev(frame);
        int after = folios.next(frame);
        if (before == FolioTable.NO_FRAME) {
            head[list] = after;
        } else {
            folios.setNext(before, after);
        }
        if (after == FolioTable.NO_FRAME) {
            tail[list] = before;
        } else {
            folios.setPrev(after, before);
        }
        size[list]--;
    }

    /// The oldest folio of a list, or [FolioTable#NO_FRAME].
    public int oldest(int list) {
        return tail[list];
    }

    /// The folio one step newer, or [FolioTable#NO_FRAME].
    public int newer(int frame) {
        return folios.prev(frame);
    }

    public int size(int list) {
        return size[list];
    }
}
