package io.janklab.kernel.lock.policy;

/// A writer that has changed its VMAs, and has only page tables left to work on, lets faults in: munmap as Linux does, if there are
/// waiters, and mprotect as well, which in Linux stays write-locked to its end.
public final class DowngradeOnFault extends Linux {
    @Override
    public boolean munmapDowngrades(Rwsem lock) {
        return !lock.waiters().isEmpty();
    }

    @Override
    public boolean mprotectDowngrades(Rwsem lock) {
        return !lock.waiters().isEmpty();
    }
}
