package io.janklab.kernel.mm.page;

import java.util.function.IntConsumer;

/// The per-CPU batches in which folios wait to be mlocked or munlocked (Linux `mm/mlock.c`, `mlock_fbatch`).
///
/// PG_mlocked changes at once, the list only when the batch drains: an mlocked folio is unevictable from then on. A folio whose last
/// mlocked mapping ends other than by munlock or unmapping (MREMAP_DONTUNMAP) stays so.
///
/// **Caveats.** As in Linux the count of mlocked mappings is a guess: changes to a folio while it is isolated are not counted.
public final class MlockBatches {
    private static final int KINDS = 4;
    private static final int NEW = 0;
    private static final int MLOCK = 1;
    private static final int MUNLOCK = 2;

    private final FolioTable folios;
    private final Lru lru;
    private final IntConsumer put;
    private final Batch[] batches;
    /// Called before and after a core's batch changes.
    private final IntConsumer changes;

    private static final class Batch {
        /// A frame and what is to be done with it.
        private static final long[] NONE = {};
        long[] entries = NONE;
        int count;
    }

    MlockBatches(FolioTable folios, Lru lru, IntConsumer put, int cpus, IntConsumer changes) {
        this.changes = changes;
        this.folios = folios;
        this.lru = lru;
        this.put = put;
        batches = new Batch[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            batches[cpu] = new Batch();
        }
    }

    /// `mlock_new_folio`: a fresh folio, not yet on a list.
    void addNew(int cpu, int frame) {
        folios.set(frame, FolioTable.MLOCKED);
        add(cpu, frame, NEW);
    }

    /// `mlock_folio`: another mlocked mapping.
    public void add(int cpu, int frame) {
        folios.set(frame, FolioTable.MLOCKED);
        add(cpu, frame, MLOCK);
    }

    /// `munlock_folio`: one mlocked mapping less. Whether it was the last is determined when the batch drains.
    public void remove(int cpu, int frame) {
        add(cpu, frame, MUNLOCK);
    }

    private void add(int cpu, int frame, int kind) {
        Batch batch = batches[cpu];
        folios.get(frame);
        changes.accept(cpu);
        if (batch.entries == Batch.NONE) {
            batch.entries = new long[LruBatches.BATCH_SIZE];
        }
        batch.entries[batch.count++] = (long) frame * KINDS + kind;
        if (batch.count == batch.entries.length) {
            lru.lock();
            drain(cpu);
            lru.unlock();
        }
    }

    boolean hasAny(int cpu) {
        return batches[cpu].count > 0;
    }

    /// `mlock_drain_local`; the caller holds `lru_lock`.
    void drain(int cpu) {
        Batch batch = batches[cpu];
        changes.accept(cpu);
        for (int i = 0; i < batch.count; i++) {
            int frame = (int) (batch.entries[i] / KINDS);
            switch ((int) (batch.entries[i] % KINDS)) {
                case NEW -> mlockNew(frame);
                case MLOCK -> mlock(frame);
                default -> munlock(frame);
            }
            put.accept(frame);
        }
        batch.count = 0;
        changes.accept(cpu);
    }

    /// `__mlock_new_folio`.
    private void mlockNew(int frame) {
        folios.set(frame, FolioTable.LRU);
        lru.add(frame);
        mlock(frame);
    }

    /// `__mlock_folio`: an isolated folio finds its list when it is put back.
    private void mlock(int frame) {
        if (!folios.has(frame, FolioTable.LRU)) {
            return;
        }
        if (!folios.has(frame, FolioTable.MLOCKED)) {
            rescue(frame);
        } else if (folios.has(frame, FolioTable.UNEVICTABLE)) {
            folios.setMlockCount(frame, folios.mlockCount(frame) + 1);
        } else {
            lru.remove(frame);
            folios.clear(frame, FolioTable.ACTIVE);
            folios.set(frame, FolioTable.UNEVICTABLE);
            folios.setMlockCount(frame, 1);
            lru.add(frame);
        }
    }

    /// `__munlock_folio`: the last mlocked mapping, as far as they were counted.
    private void munlock(int frame) {
        if (folios.has(frame, FolioTable.LRU | FolioTable.UNEVICTABLE)) {
            int left = Math.max(0, folios.mlockCount(frame) - 1);
            folios.setMlockCount(frame, left);
            if (left > 0) {
                return;
            }
        }
        folios.clear(frame, FolioTable.MLOCKED);
        rescue(frame);
    }

    /// Back to the lists that reclaim scans.
    private void rescue(int frame) {
        if (folios.has(frame, FolioTable.LRU | FolioTable.UNEVICTABLE)) {
            lru.remove(frame);
            folios.clear(frame, FolioTable.UNEVICTABLE);
            lru.add(frame);
        }
    }
}
