package io.janklab.kernel.mm.edit;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;

/// Gives part of a VMA other flags: by merging it with a neighbour, or by splitting it off (Linux `vma_modify_flags`).
public final class VmaModify {
    private final Mm mm;
    private final VmaMerge merge;
    private final VmaSplit split;

    public VmaModify(Mm mm) {
        this.mm = mm;
        this.merge = new VmaMerge(mm);
        this.split = new VmaSplit(mm);
    }

    /// Sets the flags of `[start, end)`, which lies inside `vma`; every VMA that changed is left write-locked.
    ///
    /// @return 0; −ENOMEM at the limit on VMAs; −EINVAL inside a page of hugetlb
    public long setFlags(Task task, Vma vma, long start, long end, int flags) {
        return setTraits(task, vma, start, end, VmaTraits.of(vma).withFlags(flags));
    }

    /// [#setFlags], and name and userfaultfd (`vma_modify_name`, `vma_modify_flags_uffd`).
    public long setTraits(Task task, Vma vma, long start, long end, VmaTraits traits) {
        if (merge.mergeExistingRange(task, vma, start, end, traits) != null) {
            return 0;
        }
        Vma part = vma;
        if (part.start() < start) {
            long error = split.check(part, start);
            if (error != 0) {
                return error;
            }
            part = split.split(task, part, start);
        }
        if (part.end() > end) {
            long error = split.check(part, end);
            if (error != 0) {
                return error;
            }
            split.split(task, part, end);
        }
        mm.startWrite(task, part);
        traits.applyTo(part);
        return 0;
    }
}
