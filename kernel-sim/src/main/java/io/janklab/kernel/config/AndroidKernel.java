package io.janklab.kernel.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kernels that phones run: Android's common kernels (GKI), oldest first, each a mainline version with what was changed in it. A
/// [KernelVersion] by itself is mainline's.
///
/// Not modelled: the speculative page faults of 5.10 and 5.15 and their VMA trees without RCU. Vendors' hooks around
/// rw_semaphores can be had on any kernel as `rwsem.policy=writer-boost` (`android_vh_alter_rwsem_list_add`) and `reader-spin`
/// (`android_vh_rwsem_optimistic_rspin`). 6.12's proxy execution (`CONFIG_SCHED_PROXY_EXEC`) is for mutexes, and no task waits for one
/// here; `rwsem.policy=proxy` has it for rw_semaphores.
public enum AndroidKernel {
    /// As 5.15's, and before 5.11 readers spin for a running writer and pass the queue (`kernel/locking/rwsem.c`). Its Binder was not
    /// looked at.
    ANDROID12_5_10("android12-5.10", KernelVersion.V6_1,
            "as 5.15; and readers of mmap_lock spin for a running writer",
            Map.of(Switch.UFFD_LOCK, SwitchValue.MMAP_TRYLOCK, Switch.RWSEM_POLICY, SwitchValue.READER_SPIN,
                    Switch.UFFD_SHMEM, SwitchValue.MISSING,
                    Switch.MADVISE_KNOWN, SwitchValue.PAGEOUT, Switch.MREMAP_DONTUNMAP, SwitchValue.ANON,
                    Switch.HUGETLB, SwitchValue.REFUSED)),
    /// Before per-VMA locks; `UFFDIO_COPY` and `_ZEROPAGE` know MMAP_TRYLOCK, which ART uses on 5.10 and 5.15 alone (`mark_compact.cc`).
    ANDROID13_5_15("android13-5.15", KernelVersion.V6_1, "no per-VMA locks; userfaultfd may give up instead of wait",
            Map.of(Switch.UFFD_LOCK, SwitchValue.MMAP_TRYLOCK, Switch.UFFD_SHMEM, SwitchValue.MINOR, Switch.MADVISE_KNOWN,
                    SwitchValue.POPULATE_WRITE, Switch.HUGETLB, SwitchValue.REFUSED)),
    /// Has per-VMA locks: `lock_vma_under_rcu` in its `mm/memory.c` takes file VMAs as well, file faults retry under mmap_lock where they
    /// need more than mapped pages, a VMA without anon_vma is refused, and userfaults are handled under the VMA lock.
    ANDROID14_6_1("android14-6.1", KernelVersion.V6_1,
            "per-VMA locks for page faults (6.4); Binder's pages one by one (6.8)",
            Map.of(Switch.VMA_LOCK_FORM, SwitchValue.RWSEM, Switch.FAULT_VMA_LOCK, SwitchValue.ALL,
                    Switch.FAULT_FILE_VMA_LOCK, SwitchValue.MAP_PAGES, Switch.FAULT_ANON_VMA, SwitchValue.RETRY,
                    Switch.BINDER_INSTALL_LOCK, SwitchValue.MMAP_PAGE)),
    /// As mainline 6.6, with 6.8's Binder, which 6.1 has too; its backports to userfaultfd were not looked at.
    ANDROID15_6_6("android15-6.6", KernelVersion.V6_6, "as mainline 6.6; Binder's pages one by one (6.8)",
            Map.of(Switch.BINDER_INSTALL_LOCK, SwitchValue.MMAP_PAGE)),
    /// As mainline 6.12.
    ANDROID16_6_12("android16-6.12", KernelVersion.V6_12,
            "as mainline 6.12; +rwsem.policy=proxy tries proxy execution", Map.of());

    private final String label;
    private final KernelVersion base;
    private final String description;
    private final Map<Switch, SwitchValue> changes;

    AndroidKernel(String label, KernelVersion base, String description, Map<Switch, SwitchValue> changes) {
        this.label = label;
        this.base = base;
        this.description = description;
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

    /// What it has changed in that version, in a line.
    public String description() {
        return description;
    }

    /// The kernel of that label, or null.
    public static @Nullable AndroidKernel byLabel(String label) {
        for (AndroidKernel kernel : values()) {
            if (kernel.label.equals(label)) {
                return kernel;
            }
        }
        return null;
    }

    /// The differences from the mainline version.
    Map<Switch, SwitchValue> changes() {
        return changes;
    }
}
