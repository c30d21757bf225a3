package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.LockClass;

/// The cost of one chain of blockers over a run.
///
/// @param role the task that waited: `UI`, `RenderThread`, or the family of another task
/// @param lockClass the lock that this task waited for
/// @param holder the family of the last task of the chain, for which all others wait
/// @param activity what that task did
/// @param inverted whether a task of lower priority blocked it
/// @param direct whether one of lower priority held, or was queued ahead for, the very lock waited for; if not, an inversion is transitive
/// @param count waits in which the chain occurred
public record ChainTotal(
        String role,
        String chain,
        LockClass lockClass,
        String holder,
        HolderActivity activity,
        boolean inverted,
        boolean direct,
        long ns,
        long count) {

    public ChainTotal costing(long newNs, long newCount) {
        return new ChainTotal(role, chain, lockClass, holder, activity, inverted, direct, newNs, newCount);
    }

    public ChainTotal plus(ChainTotal other) {
        return costing(ns + other.ns, count + other.count);
    }
}
