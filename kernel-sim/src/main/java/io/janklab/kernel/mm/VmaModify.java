package io.janklab.kernel.mm;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;

/// Gives part of a VMA other flags: by merging it with a neighbour, or by splitting it off (Linux `vma_modify_flags`).
final class VmaModify {
    private final Mm mm;
    private final VmaMerge merge;
    private final VmaSplit split;

    VmaModify(Mm mm) {
        this.mm = mm;
        this.merge = new VmaMerge(mm);
        this.split = new VmaSplit(mm);
    }

    /// Sets the flags of `[start, end)`, which lies inside `vma`; everything that changed is left write-locked.
    ///
    /// @return 0, or −ENOMEM at the limit on VMAs
    long setFlags(Task task, Vma vma, long start, long end, int flags) {
        return set(task, vma, start, end, flags, vma.userfaultfd(), vma.anonName());
    }

    /// Names `[start, end)` (`vma_modify_name`).
    long setName(Task task, Vma vma, long start, long end, String name) {
        return set(task, vma, start, end, vma.flags(), vma.userfaultfd(), name);
    }

    /// [#setFlags], and another userfaultfd (`vma_modify_flags_uffd`).
    long setUserfaultfd(Task task, Vma vma, long start, long end, int flags, Userfaultfd userfaultfd) {
        return set(task, vma, start, end, flags, userfaultfd, vma.anonName());
    }

    private long set(Task task, Vma vma, long start, long end, int flags, Userfaultfd userfaultfd, String name) {
        if (merge.mergeExistingRange(task, vma, start, end, flags, userfaultfd, name) != null) {
            return 0;
        }
        Vma part = vma;
        if (part.start() < start) {
            if (split.atLimit()) {
                return -Errno.ENOMEM;
            }
            part = split.split(task, part, start);
        }
        if (part.end() > end) {
            if (split.atLimit()) {
                return -Errno.ENOMEM;
            }
            split.split(task, part, end);
        }
        mm.startWrite(task, part);
        part.setFlags(flags);
        part.setUserfaultfd(userfaultfd);
        part.setAnonName(name);
        return 0;
    }
}
