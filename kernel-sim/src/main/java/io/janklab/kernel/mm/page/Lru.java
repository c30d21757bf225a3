package io.janklab.kernel.mm.page;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;

/// The machine's LRU lists, active and inactive, of folios that need swap and of those that do not (file pages; lazyfree folios).
///
/// Lists are doubly linked through the frames themselves, head = newest. Unevictable folios are counted but not linked: they are not aged.
public final class Lru {
    /// The offset from an inactive list's number to its active one's (`LRU_ACTIVE`).
    public static final int ACTIVE = 1;
    /// `LRU_INACTIVE_ANON`, where new anonymous folios start.
    public static final int INACTIVE_ANON = 0;
    public static final int ACTIVE_ANON = INACTIVE_ANON + ACTIVE;
    /// `LRU_INACTIVE_FILE`, where lazyfree folios are kept.
    public static final int INACTIVE_FILE = 2;
    public static final int ACTIVE_FILE = INACTIVE_FILE + ACTIVE;
    public static final int LISTS = 4;
    /// `LRU_UNEVICTABLE`.
    public static final int UNEVICTABLE = LISTS;

    private final FolioTable folios;
    private final Interleaving interleaving;
    private final int[] head = new int[LISTS];
    private final int[] tail = new int[LISTS];
    private final int[] size = new int[LISTS + 1];
    /// How often the lock is held: once, unless its holder has called a function that takes it too.
    private int locked;

    public Lru(FolioTable folios, Interleaving interleaving) {
        this.interleaving = interleaving;
        this.folios = folios;
        for (int list = 0; list < LISTS; list++) {
            head[list] = FolioTable.NO_FRAME;
            tail[list] = FolioTable.NO_FRAME;
        }
    }

    /// `lru_lock`.
    public void lock() {
        Interleaving.beginAtomic(interleaving, Shared.LRU, 0, this);
        locked++;
    }

    public void unlock() {
        locked--;
        Interleaving.endAtomic(interleaving);
    }

    /// `lockdep_assert_held(&lruvec->lru_lock)`.
    private void assertLocked() {
        if (locked == 0) {
            throw new KernelRuleBroken("kernel bug: an LRU list is changed without lru_lock");
        }
    }

    /// Which list a folio's flags put it on (`folio_lru_list`).
    public int listOf(int frame) {
        int flags = folios.flags(frame);
        if ((flags & FolioTable.UNEVICTABLE) != 0) {
            return UNEVICTABLE;
        }
        int inactive = (flags & FolioTable.SWAPBACKED) != 0 ? INACTIVE_ANON : INACTIVE_FILE;
        return (flags & FolioTable.ACTIVE) != 0 ? inactive + ACTIVE : inactive;
    }

    /// Links a folio at the head of its list (`lruvec_add_folio`).
    public void add(int frame) {
        assertLocked();
        Interleaving.write(interleaving, Shared.LRU, 0, this);
        int list = listOf(frame);
        size[list]++;
        if (list == UNEVICTABLE) {
            return;
        }
        link(list, frame);
    }

    private void link(int list, int frame) {
        int first = head[list];
        folios.setPrev(frame, FolioTable.NO_FRAME);
        folios.setNext(frame, first);
        if (first == FolioTable.NO_FRAME) {
            tail[list] = frame;
        } else {
            folios.setPrev(first, frame);
        }
        head[list] = frame;
    }

    /// Unlinks a folio; its flags still name the list it is on (`lruvec_del_folio`).
    public void remove(int frame) {
        assertLocked();
        Interleaving.write(interleaving, Shared.LRU, 0, this);
        int list = listOf(frame);
        size[list]--;
        if (list == UNEVICTABLE) {
            return;
        }
        unlink(list, folios.prev(frame), folios.next(frame));
    }

    private void unlink(int list, int before, int after) {
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
    }

    /// Takes a folio off its list, with a reference, unless it is being freed or another task has taken it off (`folio_isolate_lru`).
    public boolean isolate(int frame) {
        lock();
        boolean taken = folios.has(frame, FolioTable.LRU) && folios.tryGet(frame);
        if (taken) {
            remove(frame);
            folios.clear(frame, FolioTable.LRU);
        }
        unlock();
        return taken;
    }

    /// The oldest folio of a list, or [FolioTable#NO_FRAME].
    public int oldest(int list) {
        Interleaving.read(interleaving, Shared.LRU, 0, this);
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
