package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;

/// `mseal(2)` (Linux `mm/mseal.c`, 6.10): mappings whose layout and rights can never change again.
public final class Mseal {
    private final Mm mm;
    private final VmaModify modify;
    private final boolean exists;

    public Mseal(Mm mm) {
        this.mm = mm;
        this.modify = new VmaModify(mm);
        this.exists = mm.memory().profile().is(Switch.MSEAL, SwitchValue.ON);
    }

    /// EINVAL for flags, misalignment or overflow; ENOMEM, with nothing sealed, if any of it is not mapped.
    public long mseal(Task task, long address, long length, long flags) {
        if (!exists) {
            return -Errno.ENOSYS;
        }
        long bytes = Addresses.pageAlign(length);
        long end = address + bytes;
        boolean overflows = (length != 0 && bytes == 0) || Long.compareUnsigned(end, address) < 0;
        if (flags != 0 || !Addresses.isAligned(address) || overflows) {
            return -Errno.EINVAL;
        }
        if (bytes == 0) {
            return 0;
        }
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        long result = isMapped(address, end) ? seal(task, address, end) : -Errno.ENOMEM;
        mm.writeUnlock(task);
        return result;
    }

    private boolean isMapped(long start, long end) {
        long at = start;
        while (at < end) {
            Vma vma = mm.vmas().lookup(at);
            if (vma == null) {
                return false;
            }
            at = vma.end();
        }
        return true;
    }

    private long seal(Task task, long start, long end) {
        long at = start;
        while (at < end) {
            Vma vma = mm.vmas().lookup(at);
            long stop = Math.min(end, Objects.requireNonNull(vma).end());
            long error = vma.is(VmFlags.VM_SEALED) ? 0 : modify.setFlags(task, vma, at, stop, vma.flags() | VmFlags.VM_SEALED);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return 0;
    }
}
