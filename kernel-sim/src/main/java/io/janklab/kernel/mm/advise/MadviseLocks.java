package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.interleave.Interleaving;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The behaviours that a kernel knows, by number, and the lock that each of them takes in it.
public final class MadviseLocks {
    private final Map<Integer, Advice> known = new HashMap<>();
    private final EnumMap<Advice, MadviseLock> locks = new EnumMap<>(Advice.class);
    private final FreeWalkOps freeWalkOps;

    public MadviseLocks(KernelProfile profile, Interleaving interleaving) {
        freeWalkOps = new FreeWalkOps(profile, interleaving);
        for (Advice advice : Advice.values()) {
            if (advice.isKnownTo(profile)) {
                known.put(advice.number(), advice);
            }
            locks.put(advice, advice.lockIn(profile));
        }
    }

    /// The behaviour of that number; null if this kernel does not know it.
    @Nullable Advice known(int number) {
        return known.get(number);
    }

    /// The walk operations of MADV_FREE.
    FreeWalkOps freeWalkOps() {
        return freeWalkOps;
    }

    /// The lock of a known behaviour.
    MadviseLock of(Advice advice) {
        return Objects.requireNonNull(locks.get(advice));
    }
}
