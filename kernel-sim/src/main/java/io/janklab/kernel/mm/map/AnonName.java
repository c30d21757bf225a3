package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)`: the name `/proc/PID/maps` shows (Linux `madvise_set_anon_name`).
public final class AnonName {
    /// `ANON_VMA_NAME_MAX_LEN`, its terminating zero included.
    private static final int MAX_LENGTH = 80;

    private final Mm mm;
    private final VmaModify modify;
    private final boolean exists;
    private final boolean namesShared;

    public AnonName(Mm mm) {
        this.mm = mm;
        this.modify = new VmaModify(mm);
        this.exists = !mm.memory().profile().is(Switch.ANON_VMA_NAME, SwitchValue.OFF);
        this.namesShared = mm.memory().profile().is(Switch.ANON_VMA_NAME, SwitchValue.ON);
    }

    /// Null removes the name. EINVAL where names are not supported, for an invalid name, misalignment or overflow; holes are skipped and
    /// reported as ENOMEM at the end; EBADF for a file's mapping, before 6.2 also of shared anonymous memory; EAGAIN at the limit on VMAs.
    public long set(Task task, long address, long length, @Nullable String name) {
        long bytes = Addresses.pageAlign(length);
        long end = address + bytes;
        boolean overflows = (length != 0 && bytes == 0) || Long.compareUnsigned(end, address) < 0;
        if (!exists || (name != null && !isFit(name)) || !Addresses.isAligned(address) || overflows) {
            return -Errno.EINVAL;
        }
        if (bytes == 0) {
            return 0;
        }
        mm.writeLock(task);
        long result = walk(task, address, end, name);
        mm.writeUnlock(task);
        return result;
    }

    /// `is_valid_name_char`: printable, and none of `\ ` [ ] $`.
    private static boolean isFit(String name) {
        return name.length() < MAX_LENGTH && name.chars().allMatch(c -> c >= ' ' && c < 0x7f && "\\`[]$".indexOf(c) < 0);
    }

    private long walk(Task task, long start, long end, @Nullable String name) {
        long holes = 0;
        long at = start;
        while (at < end) {
            Vma vma = mm.vmas().find(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            holes = at < vma.start() ? -Errno.ENOMEM : holes;
            at = Math.max(at, vma.start());
            if (at < end) {
                long stop = Math.min(end, vma.end());
                long error = update(task, vma, at, stop, name);
                if (error != 0) {
                    return error;
                }
                at = stop;
            }
        }
        return holes;
    }

    /// Returns early, without a VMA write lock, if nothing changes.
    private long update(Task task, Vma vma, long start, long end, @Nullable String name) {
        task.charge(mm.memory().costs(), Cost.MADVISE);
        if (vma.file() != null && !(namesShared && vma.file().isShmem())) {
            return -Errno.EBADF;
        }
        if (Objects.equals(vma.anonName(), name)) {
            return 0;
        }
        long error = modify.setTraits(task, vma, start, end, VmaTraits.of(vma).withAnonName(name));
        return error == -Errno.ENOMEM ? -Errno.EAGAIN : error;
    }
}
