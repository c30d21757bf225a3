package io.janklab.kernel.config;

import java.util.Map;

/// The kernels that phones run: Android's common kernels (GKI), oldest first, each a mainline version with what was changed in it. A
/// [KernelVersion] by itself is mainline's.
///
/// Not modelled: 5.15's speculative page faults and its VMA tree without RCU; vendors' own hooks around rw_semaphores, which
/// `rwsem.policy=writer-boost` represents as a what-if.
public enum AndroidKernel {
    /// Before per-VMA locks; `UFFDIO_COPY` and `_ZEROPAGE` know MMAP_TRYLOCK, which ART uses on 5.10 and 5.15 alone (`mark_compact.cc`).
    ANDROID13_5_15("android13-5.15", KernelVersion.V6_1, Map.of(Switch.UFFD_LOCK, SwitchValue.MMAP_TRYLOCK)),
    /// Has per-VMA locks: `lock_vma_under_rcu` in its `mm/memory.c` takes file VMAs as well, file faults retry under mmap_lock where they
    /// need more than mapped pages, a VMA without anon_vma is refused, and userfaults are handled under the VMA lock.
    ANDROID14_6_1("android14-6.1", KernelVersion.V6_1,
            Map.of(Switch.VMA_LOCK_FORM, SwitchValue.RWSEM, Switch.FAULT_VMA_LOCK, SwitchValue.ALL,
                    Switch.FAULT_FILE_VMA_LOCK, SwitchValue.MAP_PAGES, Switch.FAULT_ANON_VMA, SwitchValue.RETRY,
                    Switch.BINDER_INSTALL_LOCK, SwitchValue.MMAP_PAGE)),
    /// As mainline 6.6, with 6.8's Binder, which 6.1 has too; its backports to userfaultfd were not looked at.
    ANDROID15_6_6("android15-6.6", KernelVersion.V6_6, Map.of(Switch.BINDER_INSTALL_LOCK, SwitchValue.MMAP_PAGE)),
    /// As mainline 6.12.
    ANDROID16_6_12("android16-6.12", KernelVersion.V6_12, Map.of());

    private final String label;
    private final KernelVersion base;
    private final Map<Switch, SwitchValue> changes;

    AndroidKernel(String label, KernelVersion base, Map<Switch, SwitchValue> changes) {
        this.label = label;
        this.base = base;
        this.changes = changes;
    }

    /// As AOSP names its branch.
    public String label() {
        return label;
    }

    /// The mainline version it is modelled on.
    public KernelVersion base() {
        return base;
    }

    /// The differences from the mainline version.
    Map<Switch, SwitchValue> changes() {
        return changes;
    }
}
