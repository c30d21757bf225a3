package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;

/// Where memory may be huge (`thp_vma_allowable_order`).
public final class HugePolicy {
    private final boolean always;
    private final boolean byAdvice;

    public HugePolicy(KernelProfile profile) {
        this.always = profile.is(Switch.THP, SwitchValue.ALWAYS);
        this.byAdvice = profile.is(Switch.THP, SwitchValue.MADVISE);
    }

    /// By policy, by advice, and if the whole 2 MiB from `base` on lie inside the VMA.
    public boolean allows(Vma vma, long base) {
        boolean wanted = (always && !vma.is(VmFlags.VM_NOHUGEPAGE)) || (byAdvice && vma.is(VmFlags.VM_HUGEPAGE));
        return wanted && !vma.mm().isThpDisabled() && vma.start() <= base && base + Addresses.PMD_SIZE <= vma.end();
    }
}
