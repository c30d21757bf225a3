package io.janklab.kernel.mm.edit;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import io.janklab.kernel.uapi.Errno;

/// Splits a VMA in two (Linux `split_vma`, `__split_vma`).
public final class VmaSplit {
    private final Mm mm;

    public VmaSplit(Mm mm) {
        this.mm = mm;
    }

    /// Whether the limit on VMAs forbids a split now (`split_vma`; munmap checks by rules of its own).
    public boolean atLimit() {
        return mm.mapCount() >= Mm.MAX_MAP_COUNT;
    }

    /// Whether the VMA can be split at `address`: 0, −ENOMEM at the limit on VMAs, or −EINVAL inside a page of hugetlb.
    public long check(Vma vma, long address) {
        if (atLimit()) {
            return -Errno.ENOMEM;
        }
        return vma.maySplitAt(address) ? 0 : -Errno.EINVAL;
    }

    /// Splits at `address`, inside the VMA; both halves are left write-locked.
    ///
    /// @return the upper half, a new VMA; the old one is the lower half
    public Vma split(Task task, Vma vma, long address) {
        task.charge(mm.memory().costs(), Cost.VMA_SPLIT);
        Vma upper = mm.newVma(address, vma.end(), vma.index(address), vma.flags());
        VmaTraits.of(vma).applyTo(upper);
        mm.memory().anonVmas().copyChain(upper, vma);
        mm.startWrite(task, upper);
        VmaEdit edit = VmaEdit.prepare(task, mm, null, vma);
        edit.resize(vma, vma.start(), address);
        edit.add(upper);
        edit.complete(upper);
        return upper;
    }
}
