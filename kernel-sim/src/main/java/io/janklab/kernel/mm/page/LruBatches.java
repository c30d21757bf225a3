package io.janklab.kernel.mm.page;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import org.jspecify.annotations.Nullable;

/// The per-CPU batches in which folios wait before they reach an LRU list (Linux `mm/swap.c`, `cpu_fbatches`).
///
/// A folio in a batch holds a reference, so that one unmapped meanwhile is freed only when the batch drains.
public final class LruBatches {
    /// `FOLIO_BATCH_SIZE`, 7.3.
    public static final int BATCH_SIZE = 31;

    private final long addNs;
    private final Interleaving interleaving;
    private final FolioTable folios;
    private final Lru lru;
    private final FrameAllocator frames;
    private final Batch[] lruAdd;
    private final Batch[] lruLazyfree;
    private final VmStat vmstat;
    /// Null unless the machine is watched.
    private @Nullable FrameWatch frameWatch;
    private final MlockBatches mlock;
    /// `rule.lru-lock-in-putback`.
    private final boolean locksToPutBack;

    private static final class Batch {
        private static final int[] NONE = {};
        int[] frames = NONE;
        int count;

        /// Whether the batch is full now.
        boolean add(int frame) {
            if (frames == NONE) {
                frames = new int[BATCH_SIZE];
            }
            frames[count++] = frame;
            return count == BATCH_SIZE;
        }
    }

    public LruBatches(FolioTable folios, Lru lru, FrameAllocator frames, VmStat vmstat, CostModel costs, int cpus, boolean locksToPutBack,
            Interleaving interleaving) {
        this.interleaving = interleaving;
        this.locksToPutBack = locksToPutBack;
        this.addNs = costs.ns(Cost.LRU_ADD);
        this.folios = folios;
        this.lru = lru;
        this.frames = frames;
        this.vmstat = vmstat;
        mlock = new MlockBatches(folios, lru, this::put, cpus, this::changes);
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
    public void addLru(Task task, int frame) {
        folios.get(frame);
        changes(task.cpu().id());
        Batch batch = lruAdd[task.cpu().id()];
        if (batch.add(frame)) {
            task.charge(batch.count * addNs);
            lru.lock();
            drainAdd(task.cpu().id());
            lru.unlock();
        }
    }

    /// The other pages of a huge folio join the LRU list that it is on (`lru_add_split_folio`); where it is on none, they will join one.
    public void addTails(Task task, int head, int pages) {
        boolean listed = folios.has(head, FolioTable.LRU) && !folios.has(head, FolioTable.UNEVICTABLE);
        if (listed) {
            lru.lock();
        }
        for (int tail = head + 1; tail < head + pages; tail++) {
            if (listed) {
                folios.set(tail, FolioTable.LRU);
                lru.add(tail);
            } else {
                addLru(task, tail);
            }
        }
        if (listed) {
            lru.unlock();
        }
    }

    /// As [#addLru], but in mlocked memory the folio is mlocked on its way (`folio_add_lru_vma`).
    public void addLru(Task task, int frame, boolean mlocked) {
        if (mlocked) {
            mlock.addNew(task.cpu().id(), frame);
        } else {
            addLru(task, frame);
        }
    }

    /// An anonymous folio has been mapped, perhaps by an mlocked VMA (`mlock_vma_folio`). Pages of files stay in memory anyway.
    public void mlockIn(int cpu, boolean mlocked, int frame) {
        if (mlocked && folios.has(frame, FolioTable.ANON)) {
            mlock.add(cpu, frame);
        }
    }

    /// The reverse of [#mlockIn], when a VMA maps the folio no more (`munlock_vma_folio`).
    public void munlockIn(int cpu, boolean mlocked, int frame) {
        if (mlocked) {
            mlock.remove(cpu, frame);
        }
    }

    /// The effect of mlock and munlock on folios already mapped.
    public MlockBatches mlock() {
        return mlock;
    }

    /// A folio whose PTE has just been cleaned will become lazyfree (`folio_mark_lazyfree`). One that is still in some CPU's add batch, or
    /// already in a lazyfree batch, is not on the LRU and stays as it is; so does an unevictable one.
    ///
    /// @return whether it will
    public boolean markLazyfree(int cpu, int frame) {
        if (folios.isLazyfree(frame) || !folios.has(frame, FolioTable.LRU) || folios.has(frame, FolioTable.UNEVICTABLE)) {
            return false;
        }
        folios.clear(frame, FolioTable.LRU);
        folios.get(frame);
        changes(cpu);
        if (lruLazyfree[cpu].add(frame)) {
            lru.lock();
            drainLazyfree(cpu);
            lru.unlock();
        }
        return true;
    }

    /// A core's batches change, by that core or for `lru_add_drain_all` in its name: `local_lock`, and the worker that runs there, keep the
    /// two apart, in an order that is a matter of chance.
    private void changes(int cpu) {
        Interleaving.note(interleaving, Shared.LRU_BATCH, cpu, true);
    }

    /// Empties the batches of the task's CPU (`lru_add_drain`).
    public void drain(Task task) {
        changes(task.cpu().id());
        task.charge(lruAdd[task.cpu().id()].count * addNs);
        drain(task.cpu().id());
    }

    private void drain(int cpu) {
        lru.lock();
        drainAdd(cpu);
        drainLazyfree(cpu);
        mlock.drain(cpu);
        lru.unlock();
    }

    /// Whether anything waits in the batches of a CPU (`cpu_needs_drain`).
    public boolean hasAny(int cpu) {
        return lruAdd[cpu].count > 0 || lruLazyfree[cpu].count > 0 || mlock.hasAny(cpu);
    }

    /// Empties the batches of every CPU, one after the other, each in one step.
    public void drainAll() {
        for (int cpu = 0; cpu < lruAdd.length; cpu++) {
            Interleaving.write(interleaving, Shared.LRU_BATCH, cpu, this);
            drain(cpu);
        }
    }

    private void drainAdd(int cpu) {
        Batch batch = lruAdd[cpu];
        changes(cpu);
        for (int i = 0; i < batch.count; i++) {
            putBackLocked(batch.frames[i]);
        }
        batch.count = 0;
        changes(cpu);
    }

    /// Puts a folio onto the list its flags name and drops the caller's reference (`folio_putback_lru`, `move_folios_to_lru`).
    public void putBack(int frame) {
        if (locksToPutBack) {
            lru.lock();
            putBackLocked(frame);
            lru.unlock();
        } else {
            putBackLocked(frame);
        }
    }

    /// `lru_add`, under `lru_lock`.
    private void putBackLocked(int frame) {
        if (folios.has(frame, FolioTable.MLOCKED)) {
            folios.change(frame, FolioTable.ACTIVE, FolioTable.UNEVICTABLE | FolioTable.LRU);
            folios.setMlockCount(frame, 0);
        } else {
            folios.change(frame, FolioTable.UNEVICTABLE, FolioTable.LRU);
        }
        lru.add(frame);
        put(frame);
    }

    /// `lru_lazyfree`: the folio changes lists because it no longer needs swap.
    private void drainLazyfree(int cpu) {
        Batch batch = lruLazyfree[cpu];
        changes(cpu);
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
        changes(cpu);
    }

    /// Drops a reference; the last one takes the folio off its list and frees it (`folio_put`).
    public void put(int frame) {
        if (!folios.putTestZero(frame)) {
            return;
        }
        lru.lock();
        if (folios.has(frame, FolioTable.LRU)) {
            lru.remove(frame);
            folios.clear(frame, FolioTable.LRU);
        }
        lru.unlock();
        free(frame);
    }

    /// Checks that no core can reach a freed folio any more.
    public void watch(FrameWatch watch) {
        frameWatch = watch;
    }

    private void free(int frame) {
        boolean large = folios.has(frame, FolioTable.LARGE);
        if (frameWatch != null) {
            frameWatch.beforeFree(frame, large ? FrameAllocator.HUGE_FRAMES : 1);
        }
        if (large) {
            frames.freeHuge(frame);
        } else {
            frames.free(frame);
        }
    }

    /// Frees an isolated folio whose last reference is the caller's (`free_unref_folios` of a frozen folio).
    public void freeFrozen(int frame) {
        folios.putTestZero(frame);
        free(frame);
    }
}
