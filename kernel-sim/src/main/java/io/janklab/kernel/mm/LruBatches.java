package io.janklab.kernel.mm;

/// The per-CPU batches folios wait in before they reach an LRU list (Linux `mm/swap.c`, `cpu_fbatches`).
///
/// A folio in a batch holds a reference, so that one unmapped meanwhile is freed only when the batch drains.
public final class LruBatches {
    /// `FOLIO_BATCH_SIZE`, 7.3.
    public static final int BATCH_SIZE = 31;

    private final FolioTable folios;
    private final Lru lru;
    private final FrameAllocator frames;
    private final Batch[] lruAdd;
    private final Batch[] lruLazyfree;
    private final VmStat vmstat;

    private static final class Batch {
        final int[] frames = new int[BATCH_SIZE];
        int count;

        /// Whether the batch is full now.
        boolean add(int frame) {
            frames[count++] = frame;
            return count == BATCH_SIZE;
        }
    }

    LruBatches(FolioTable folios, Lru lru, FrameAllocator frames, VmStat vmstat, int cpus) {
        this.folios = folios;
        this.lru = lru;
        this.frames = frames;
        this.vmstat = vmstat;
        lruAdd = newBatches(cpus);
        lruLazyfree = newBatches(cpus);
    }

    private static Batch[] newBatches(int cpus) {
        Batch[] batches = new Batch[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            batches[cpu] = new Batch();
        }
        return batches;
    }

    /// A fresh anonymous folio will join its LRU list (`folio_add_lru`).
    void addLru(int cpu, int frame) {
        folios.get(frame);
        if (lruAdd[cpu].add(frame)) {
            drainAdd(lruAdd[cpu]);
        }
    }

    /// A folio whose PTE was just cleaned will become lazyfree (`folio_mark_lazyfree`). One that is still in some CPU's add batch, or
    /// already in a lazyfree batch, is not on the LRU and stays as it is.
    void markLazyfree(int cpu, int frame) {
        if (folios.isLazyfree(frame) || !folios.has(frame, FolioTable.LRU)) {
            return;
        }
        folios.clear(frame, FolioTable.LRU);
        folios.get(frame);
        if (lruLazyfree[cpu].add(frame)) {
            drainLazyfree(lruLazyfree[cpu]);
        }
    }

    /// Empties the batches of one CPU (`lru_add_drain_cpu`).
    public void drain(int cpu) {
        drainAdd(lruAdd[cpu]);
        drainLazyfree(lruLazyfree[cpu]);
    }

    /// Empties the batches of every CPU (`lru_add_drain_all`).
    public void drainAll() {
        for (int cpu = 0; cpu < lruAdd.length; cpu++) {
            drain(cpu);
        }
    }

    private void drainAdd(Batch batch) {
        for (int i = 0; i < batch.count; i++) {
            int frame = batch.frames[i];
            folios.set(frame, FolioTable.LRU);
            lru.add(frame);
            put(frame);
        }
        batch.count = 0;
    }

    /// `lru_lazyfree`: the folio changes lists because it no longer needs swap.
    private void drainLazyfree(Batch batch) {
        for (int i = 0; i < batch.count; i++) {
            int frame = batch.frames[i];
            lru.remove(frame);
            folios.clear(frame, FolioTable.SWAPBACKED | FolioTable.REFERENCED | FolioTable.ACTIVE);
            lru.add(frame);
            folios.set(frame, FolioTable.LRU);
            vmstat.count(VmStat.Item.PGLAZYFREE);
            put(frame);
        }
        batch.count = 0;
    }

    /// Drops a reference; the last one takes the folio off its list and frees it (`folio_put`).
    void put(int frame) {
        if (!folios.putTestZero(frame)) {
            return;
        }
        if (folios.has(frame, FolioTable.LRU)) {
            lru.remove(frame);
            folios.clear(frame, FolioTable.LRU);
        }
        if (folios.has(frame, FolioTable.LARGE)) {
            frames.freeHuge(frame);
        } else {
            frames.free(frame);
        }
    }
}
