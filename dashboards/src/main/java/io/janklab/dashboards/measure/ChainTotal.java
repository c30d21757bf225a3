package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockClass;

/// What one [Chain] cost over a run.
///
/// @param role the watched task: `UI` or `RenderThread`
/// @param lockClass the lock that the watched task waited for
/// @param activity what the last task of the chain did
/// @param inverted whether a task of lower priority stood in the way
/// @param count waits in which the chain occurred
public record ChainTotal(
        String role, String chain, LockClass lockClass, HolderActivity activity, boolean inverted, long ns, long count) {

    public ChainTotal plus(ChainTotal other) {
        return new ChainTotal(role, chain, lockClass, activity, inverted, ns + other.ns, count + other.count);
    }
}
