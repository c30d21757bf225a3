package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;

/// Where memory may be huge (`thp_vma_allowable_order`).
public final class HugePolicy {
    private final String enabled;

    public HugePolicy(KernelProfile profile) {
        this.enabled = profile.value(Switch.THP);
    }

    /// By policy, by advice, and with the whole 2 MiB from `base` on inside the VMA.
    public boolean allows(Vma vma, long base) {
        boolean wanted = !vma.mm().isThpDisabled() && switch (enabled) {
            case "always" -> !vma.is(VmFlags.VM_NOHUGEPAGE);
            case "madvise" -> vma.is(VmFlags.VM_HUGEPAGE);
            default -> false;
        };
        return wanted && vma.start() <= base && base + Addresses.PMD_SIZE <= vma.end();
    }
}
