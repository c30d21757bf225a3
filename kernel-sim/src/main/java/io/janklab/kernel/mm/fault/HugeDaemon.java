package io.janklab.kernel.mm.fault;

import io.janklab.kernel.mm.space.Mm;

/// Collapses base pages into huge ones in the background.
@FunctionalInterface
public interface HugeDaemon {
    /// From now on it scans this address space too (`khugepaged_enter_vma`).
    void enter(Mm mm);
}
