package io.janklab.kernel.mm.page;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Swap space and the swap cache (Linux `mm/swapfile.c`, `mm/swap_state.c`): which slots are in use, and which folio still holds a slot's
/// page in memory.
///
/// A slot is in use while an entry refers to it or a folio in the swap cache belongs to it. The cache holds a reference to its folios.
public final class Swap {
    /// Off.
    public static final Swap NONE = new Swap();

    private final FolioTable folios;
    private final LruBatches batches;
    private final Interleaving interleaving;
    private final @Nullable Zram device;
    /// Page-table entries that refer to each slot (`swap_map`).
    private final short[] references;
    private final boolean[] written;
    /// The folio in the swap cache, or NO_FRAME.
    private final int[] cached;
    private final Map<Integer, Integer> slotOfFrame = new HashMap<>();
    private int[] freeSlots = new int[16];
    private int freeSlotCount;
    private int untouched;

    /// No folio goes to swap that is off.
    @SuppressWarnings("NullAway")
    private Swap() {
        this(null, null, null, 0, Interleaving.NONE);
    }

    /// `slots` pages on `device`.
    public Swap(Zram device, FolioTable folios, LruBatches batches, int slots, Interleaving interleaving) {
        this.device = device;
        this.folios = folios;
        this.batches = batches;
        this.interleaving = interleaving;
        this.references = new short[slots];
        this.written = new boolean[slots];
        this.cached = new int[slots];
        Arrays.fill(cached, FolioTable.NO_FRAME);
    }

    /// The lock of the swap cluster and of the folio, which Linux has here.
    public void lock() {
        Interleaving.beginAtomic(interleaving, Shared.SWAP, 0, this);
    }

    public void unlock() {
        Interleaving.endAtomic(interleaving);
    }

    public boolean isOn() {
        return device != null;
    }

    private Zram zram() {
        return Objects.requireNonNull(device);
    }

    /// Its capacity in pages.
    public int slots() {
        return references.length;
    }

    public int free() {
        return slots() - untouched + freeSlotCount;
    }

    /// Null if swap is off.
    public @Nullable Zram device() {
        return device;
    }

    // The swap cache

    /// Finds a slot for a folio and puts it into the swap cache (`folio_alloc_swap`).
    ///
    /// @return false if swap is full
    public boolean add(int frame) {
        lock();
        boolean found = free() > 0;
        if (found) {
            int slot = freeSlotCount > 0 ? freeSlots[--freeSlotCount] : untouched++;
            cache(slot, frame);
        }
        unlock();
        return found;
    }

    /// `swap_cache_add_folio`.
    void cache(int slot, int frame) {
        lock();
        cached[slot] = frame;
        slotOfFrame.put(frame, slot);
        folios.set(frame, FolioTable.SWAPCACHE);
        folios.get(frame);
        unlock();
    }

    /// The same for a folio that a fault will read the slot's page into, unless the slot is no longer in use or another task has been
    /// faster.
    public boolean cacheIfNeeded(int slot, int frame) {
        lock();
        boolean needed = references[slot] > 0 && cached[slot] == FolioTable.NO_FRAME;
        if (needed) {
            cache(slot, frame);
        }
        unlock();
        return needed;
    }

    /// Takes a folio out of the swap cache (`swap_cache_del_folio`); its slot is freed if no entry refers to it.
    public void uncache(int frame) {
        lock();
        int slot = Objects.requireNonNull(slotOfFrame.remove(frame));
        cached[slot] = FolioTable.NO_FRAME;
        folios.clear(frame, FolioTable.SWAPCACHE);
        freeIfUnused(slot);
        batches.put(frame);
        unlock();
    }

    /// The folio that holds a slot's page, or NO_FRAME.
    public int cachedFrame(int slot) {
        Interleaving.read(interleaving, Shared.SWAP, 0, this);
        return cached[slot];
    }

    /// The same, with a reference taken to it (`swap_cache_get_folio`).
    public int getCachedFrame(int slot) {
        lock();
        int frame = cached[slot];
        if (frame != FolioTable.NO_FRAME) {
            folios.get(frame);
        }
        unlock();
        return frame;
    }

    /// The slot of a folio in the swap cache.
    public int slotOf(int frame) {
        Interleaving.read(interleaving, Shared.SWAP, 0, this);
        return Objects.requireNonNull(slotOfFrame.get(frame));
    }

    // Entries

    /// One entry more refers to the slot (`swap_duplicate`).
    public void duplicate(int slot) {
        Interleaving.write(interleaving, Shared.SWAP, 0, this);
        references[slot]++;
    }

    /// One less (`swap_free`, `free_swap_and_cache`). The last one frees a folio that is in the cache but no longer used, unless it is
    /// locked.
    public void release(int slot) {
        lock();
        references[slot]--;
        if (cached[slot] == FolioTable.NO_FRAME) {
            freeIfUnused(slot);
        } else {
            uncacheIfUnused(cached[slot]);
        }
        unlock();
    }

    /// Frees a folio in the cache that is no longer used: not mapped, no entry in swap, not locked.
    public void uncacheIfUnused(int frame) {
        lock();
        boolean unused = folios.has(frame, FolioTable.SWAPCACHE) && references[slotOf(frame)] == 0 && folios.mapcount(frame) == 0
                && !folios.isLocked(frame);
        if (unused) {
            uncache(frame);
        }
        unlock();
    }

    /// Takes a locked folio out of the swap cache, unless an entry refers to its slot (`folio_free_swap`); then it is dirty.
    ///
    /// @return false if it stays
    public boolean tryFree(int frame) {
        if (!isOn()) {
            return true;
        }
        lock();
        boolean cached = folios.has(frame, FolioTable.SWAPCACHE);
        boolean free = !cached || references[slotOf(frame)] == 0;
        if (cached && free) {
            uncache(frame);
            folios.set(frame, FolioTable.DIRTY);
        }
        unlock();
        return free;
    }

    /// Frees all folios in the cache that are no longer used, as reclaim would sooner or later: they were locked, being read ahead, when
    /// the last entry that referred to them was removed.
    public void dropUnused() {
        for (int slot = 0; slot < untouched; slot++) {
            if (cached[slot] != FolioTable.NO_FRAME) {
                uncacheIfUnused(cached[slot]);
            }
        }
    }

    private void freeIfUnused(int slot) {
        if (references[slot] > 0 || cached[slot] != FolioTable.NO_FRAME) {
            return;
        }
        if (written[slot]) {
            written[slot] = false;
            zram().free();
        }
        if (freeSlotCount == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, freeSlotCount * 2);
        }
        freeSlots[freeSlotCount++] = slot;
    }

    /// How many entries refer to the slot (`swap_count`).
    public int references(int slot) {
        Interleaving.read(interleaving, Shared.SWAP, 0, this);
        return references[slot];
    }

    // Input and output

    /// `swap_writeout`.
    ///
    /// @return false if the device is out of memory
    public boolean write(Task task, int frame) {
        int slot = slotOf(frame);
        boolean stored = zram().write(task, slot, frame, !written[slot]);
        written[slot] |= stored;
        return stored;
    }

    /// `swap_read_folio`.
    public void read(Task task, int slot, int frame) {
        zram().read(task, slot, frame);
    }

    /// Slots in use.
    public int used() {
        return slots() - free();
    }
}
