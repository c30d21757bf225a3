package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.PurgePolicy;
import io.janklab.allocator.Purger;
import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.Task;
import org.jspecify.annotations.Nullable;

/// How one arena returns unused pages to the kernel: dirty ones, through muzzy if that has a decay time, to retained or unmapped
/// (`src/pac.c`, the `decay` functions).
final class Purging {
    /// When a purge that was not explicitly requested takes place (`pac_purge_eagerness_t`).
    enum Eagerness { ALWAYS, NEVER, ON_EPOCH_ADVANCE }

    /// Fewer unused pages than this are not worth waking a background thread for (`ARENA_DEFERRED_PURGE_NPAGES_THRESHOLD`).
    static final long DEFERRED_PURGE_PAGES = 1024;
    /// [#maybeDecay]: no epoch ended.
    static final long NO_EPOCH = -1;
    /// [#maybeDecay]: another task is already purging.
    static final long BUSY = -2;

    private final Stage dirty;
    private final Stage muzzy;
    private final Ecache retained;
    private final Extents extents;
    private final Pages pages;
    private final boolean retain;
    private final boolean daemonPurges;
    /// Null for jemalloc's own rules.
    private final @Nullable PurgePolicy policy;
    private final long tickNs;
    private final long epochNs;

    Purging(Stage dirty, Stage muzzy, Ecache retained, Extents extents, Pages pages, HeapOptions options, HeapCosts costs) {
        this.dirty = dirty;
        this.muzzy = muzzy;
        this.retained = retained;
        this.extents = extents;
        this.pages = pages;
        this.retain = options.flag(HeapOption.RETAIN);
        this.daemonPurges = options.purger() == Purger.HEAP_TASK_DAEMON;
        this.policy = options.purgePolicy();
        this.tickNs = costs.ns(HeapCost.DECAY_TICK);
        this.epochNs = costs.ns(HeapCost.DECAY_EPOCH);
    }

    boolean hasOwnPolicy() {
        return policy != null;
    }

    /// Pages have become dirty: a policy of the user's own may purge some of them.
    void pagesUnused(Task task) {
        if (policy != null && dirty.decay().mutex().tryLock(task)) {
            purgeByPolicy(task, dirty, policy, PurgePolicy.Moment.UNUSED);
            dirty.decay().mutex().unlock(task);
        }
    }

    /// Purges every unused page of a stage completely (`pac_decay_all`).
    void decayAll(Task task, Stage stage) {
        stage.decay().mutex().lock(task);
        purgeToLimit(task, stage, true, 0);
        stage.decay().mutex().unlock(task);
    }

    /// Purges the decayed pages of a stage; does nothing if another task is purging (`arena_decay_impl`).
    ///
    /// @return pages that became unused in the epoch that ended, [#NO_EPOCH] or [#BUSY]
    long maybeDecay(Task task, Stage stage, Eagerness eagerness) {
        Decay decay = stage.decay();
        if (!decay.mutex().tryLock(task)) {
            return BUSY;
        }
        long newPages = maybePurge(task, stage, eagerness) ? decay.newestPages() : NO_EPOCH;
        decay.mutex().unlock(task);
        return newPages;
    }

    /// Sets a decay time (ms), forgets the backlog, and purges as the new time asks (`pac_decay_ms_set`).
    void setDecay(Task task, Stage stage, long milliseconds, Eagerness eagerness) {
        stage.decay().mutex().lock(task);
        stage.decay().restart(task.now(), milliseconds);
        maybePurge(task, stage, eagerness);
        stage.decay().mutex().unlock(task);
    }

    /// The decay mutex is held (`pac_maybe_decay_purge`).
    ///
    /// @return whether an epoch ended
    private boolean maybePurge(Task task, Stage stage, Eagerness eagerness) {
        Decay decay = stage.decay();
        task.charge(tickNs);
        if (policy != null) {
            PurgePolicy.Moment moment = eagerness == Eagerness.ALWAYS ? PurgePolicy.Moment.TURN : PurgePolicy.Moment.TICK;
            return purgeByPolicy(task, stage, policy, moment);
        }
        if (!decay.isGradual()) {
            if (decay.isImmediate() && (!daemonPurges || eagerness == Eagerness.ALWAYS)) {
                purgeToLimit(task, stage, false, 0);
            }
            return false;
        }
        boolean advanced = decay.advance(task.now(), stage.pages());
        if (advanced) {
            task.charge(epochNs);
        }
        if (eagerness == Eagerness.ALWAYS || (advanced && eagerness == Eagerness.ON_EPOCH_ADVANCE)) {
            purgeToLimit(task, stage, false, decay.pagesLimit());
        }
        return advanced;
    }

    /// The decay mutex is held.
    ///
    /// @return whether an epoch ended
    private boolean purgeByPolicy(Task task, Stage stage, PurgePolicy own, PurgePolicy.Moment moment) {
        boolean advanced = stage.decay().isGradual() && stage.decay().advance(task.now(), stage.pages());
        if (advanced) {
            task.charge(epochNs);
        }
        long keep = own.keep(unused(task, stage, advanced), moment);
        if (keep < 0) {
            throw PolicyMistake.of(own, "keep", " keeps " + keep + " of " + stage.pages() + " pages");
        }
        if (keep < stage.pages()) {
            purgeToLimit(task, stage, false, keep);
        }
        return advanced;
    }

    private PurgePolicy.Unused unused(Task task, Stage stage, boolean epochEnded) {
        long limit = stage.decay().isGradual() ? stage.decay().pagesLimit() : stage.decay().isImmediate() ? 0 : PurgePolicy.ALL;
        return new PurgePolicy.Unused(stage == muzzy, stage.pages(), limit, epochEnded, task.now(), task.normalPrio());
    }

    /// Purges the longest unused extents until `limit` pages are left, but no more than there are now. The decay mutex is held, and
    /// released meanwhile (`pac_decay_to_limit`).
    private void purgeToLimit(Task task, Stage stage, boolean fully, long limit) {
        Decay decay = stage.decay();
        long most = stage.pages() - limit;
        if (decay.isPurging() || most <= 0) {
            return;
        }
        decay.setPurging(true);
        decay.mutex().unlock(task);
        EdataList stashed = new EdataList();
        if (stash(task, stage, fully, limit, most, stashed)) {
            purge(task, stage, fully, stashed);
        }
        decay.mutex().lock(task);
        decay.setPurging(false);
    }

    private boolean stash(Task task, Stage stage, boolean fully, long limit, long most, EdataList stashed) {
        PurgePolicy.Unused unused = policy == null || fully ? null : unused(task, stage, false);
        EdataList spared = new EdataList();
        long sparedPages = 0;
        long taken = 0;
        while (taken < most) {
            Edata extent = extents.evict(task, stage.cache(), Math.max(0, limit - sparedPages));
            if (extent == null) {
                break;
            }
            if (policy != null && unused != null && !policy.mayPurge(unused, extent.size())) {
                spared.append(extent);
                sparedPages += extent.pages();
                continue;
            }
            stashed.append(extent);
            taken += extent.pages();
        }
        for (Edata extent = spared.removeFirst(); extent != null; extent = spared.removeFirst()) {
            extents.record(task, stage.cache(), extent);
        }
        return taken > 0;
    }

    private void purge(Task task, Stage stage, boolean fully, EdataList stashed) {
        boolean mayBeMuzzy = stage == dirty && !fully;
        for (Edata extent = stashed.removeFirst(); extent != null; extent = stashed.removeFirst()) {
            stage.stats().madvises++;
            stage.stats().pages += extent.pages();
            if (mayBeMuzzy && givesUpLazily(task, stage, extent) && pages.purgeLazy(task, extent)) {
                extents.record(task, muzzy.cache(), extent);
            } else {
                release(task, extent);
            }
        }
        stage.stats().purges++;
    }

    private boolean givesUpLazily(Task task, Stage stage, Edata extent) {
        return policy == null ? muzzy.decay().milliseconds() != 0 : policy.givesUpLazily(unused(task, stage, false), extent.size());
    }

    /// Purges a dirty extent that is too large to keep (`extent_maximally_purge`).
    void purgeOversize(Task task, Edata extent) {
        dirty.stats().madvises++;
        dirty.stats().pages += extent.pages();
        release(task, extent);
    }

    /// Returns an extent's pages to the kernel; its address space is retained or unmapped (`extent_dalloc_wrapper`).
    private void release(Task task, Edata extent) {
        if (!retain && extents.unmap(task, extent)) {
            return;
        }
        boolean purged = pages.purgeForced(task, extent);
        if (!purged) {
            pages.purgeLazy(task, extent);
        }
        extent.setZeroed(purged && pages.forcedPurgeZeroes());
        extents.record(task, retained, extent);
    }

    /// Time (ns) until a background thread should run again (`pac_time_until_deferred_work`); 0 if another task is purging.
    long timeUntilDeferredWork(Task task) {
        long untilDirty = timeUntilPurge(task, dirty);
        return untilDirty == 0 ? 0 : Math.min(untilDirty, timeUntilPurge(task, muzzy));
    }

    private static long timeUntilPurge(Task task, Stage stage) {
        if (!stage.decay().mutex().tryLock(task)) {
            return 0;
        }
        long time = stage.decay().timeUntilPurge(stage.pages(), DEFERRED_PURGE_PAGES);
        stage.decay().mutex().unlock(task);
        return time;
    }
}
