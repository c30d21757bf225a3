package io.janklab.kernel.config;

/// The differences between instruction sets in the simulated paths.
public enum Architecture {
    /// TLB invalidations are broadcast (`TLBI …IS`), no interrupts; `MMU_GATHER_MERGE_VMAS` off.
    ARM64,
    /// TLB shootdown by inter-processor interrupt; `MMU_GATHER_MERGE_VMAS` on.
    X86_64;

    /// Whether each VMA's TLB flush comes at the end of that VMA, inside the lock, rather than once at the end of the gather
    /// (`tlb_end_vma`, Linux 7.3 `include/asm-generic/tlb.h`).
    public boolean flushesAtEndOfVma() {
        return this == ARM64;
    }

    /// Whether a flush interrupts the other CPUs that run the address space.
    public boolean flushesByIpi() {
        return this == X86_64;
    }
}
