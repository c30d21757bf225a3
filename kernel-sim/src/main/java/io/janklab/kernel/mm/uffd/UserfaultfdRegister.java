package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Registers VMAs with a userfaultfd and unregisters them, under mmap_lock and their own locks for writing (Linux `userfaultfd_register`,
/// `userfaultfd_unregister`).
final class UserfaultfdRegister {
    private final Mm mm;
    private final Userfaultfd context;
    private final VmaModify modify;
    private final UserfaultfdWriteProtect writeProtect;
    private final boolean minorOfShmem;
    private final boolean wpOfShmem;
    private final boolean refusesDroppable;

    UserfaultfdRegister(Mm mm, Userfaultfd context) {
        this.mm = mm;
        this.context = context;
        this.modify = new VmaModify(mm);
        this.writeProtect = new UserfaultfdWriteProtect(mm);
        KernelProfile profile = mm.memory().profile();
        this.wpOfShmem = profile.is(Switch.UFFD_SHMEM, SwitchValue.WP);
        this.refusesDroppable = profile.is(Switch.MAP_DROPPABLE, SwitchValue.NEW);
        this.minorOfShmem = wpOfShmem || profile.is(Switch.UFFD_SHMEM, SwitchValue.MINOR);
    }

    static int flagsOf(int modes) {
        int missing = (modes & Uffd.UFFDIO_REGISTER_MODE_MISSING) != 0 ? VmFlags.VM_UFFD_MISSING : 0;
        int wp = (modes & Uffd.UFFDIO_REGISTER_MODE_WP) != 0 ? VmFlags.VM_UFFD_WP : 0;
        int minor = (modes & Uffd.UFFDIO_REGISTER_MODE_MINOR) != 0 ? VmFlags.VM_UFFD_MINOR : 0;
        return missing | wp | minor;
    }

    /// Every VMA in `[start, end)`; holes do not matter if something is mapped. A new mode replaces the old one, but a mode that is part of
    /// those a VMA already has changes nothing.
    long register(Task task, long start, long end, int uffdFlags) {
        mm.writeLock(task);
        long result = check(start, end, uffdFlags);
        for (Vma vma = first(start, end, result); vma != null && result == 0; vma = mm.vmas().findIntersection(vma.end(), end)) {
            int flags = (vma.flags() & ~VmFlags.VM_UFFD_FLAGS) | uffdFlags;
            boolean registered = vma.userfaultfd() == context && (vma.flags() & uffdFlags) == uffdFlags;
            if (!registered) {
                long from = Math.max(vma.start(), start);
                result = modify.setTraits(task, vma, from, Math.min(vma.end(), end),
                        VmaTraits.of(vma).withFlags(flags).withUserfaultfd(context));
                vma = Objects.requireNonNull(mm.vmas().lookup(from));
            }
        }
        mm.writeUnlock(task);
        return result;
    }

    private @Nullable Vma first(long start, long end, long error) {
        return error == 0 ? mm.vmas().findIntersection(start, end) : null;
    }

    /// EINVAL if nothing is mapped there, EBUSY if part of it belongs to another userfaultfd, EPERM if it could never be written.
    private long check(long start, long end, int uffdFlags) {
        if (mm.vmas().findIntersection(start, end) == null) {
            return -Errno.EINVAL;
        }
        for (Vma vma = mm.vmas().findIntersection(start, end); vma != null; vma = mm.vmas().findIntersection(vma.end(), end)) {
            if (!canUserfault(vma, uffdFlags)) {
                return -Errno.EINVAL;
            }
            if (!vma.is(VmFlags.VM_MAYWRITE)) {
                return -Errno.EPERM;
            }
            if (vma.userfaultfd() != null && vma.userfaultfd() != context) {
                return -Errno.EBUSY;
            }
        }
        return 0;
    }

    /// Write protection is removed and sleeping faults are woken before the VMA is unregistered.
    ///
    /// EINVAL if there is nothing, or anything that could not have been registered; then nothing is.
    long unregister(Task task, long start, long end) {
        mm.writeLock(task);
        long result = mm.vmas().findIntersection(start, end) == null ? -Errno.EINVAL : 0;
        for (Vma vma = first(start, end, result); vma != null && result == 0; vma = mm.vmas().findIntersection(vma.end(), end)) {
            result = canUserfault(vma, vma.flags()) ? 0 : -Errno.EINVAL;
        }
        if (result == 0) {
            result = disarm(task, start, end);
        }
        mm.writeUnlock(task);
        return result;
    }

    /// The file is closed (`userfaultfd_release`): whatever it was armed on is disarmed.
    void release(Task task) {
        mm.writeLock(task);
        disarm(task, 0, Addresses.TASK_SIZE);
        mm.writeUnlock(task);
    }

    /// `vma_can_userfault`: private anonymous memory, but for what its pages could be in beside it; or shared one (`uffd.shmem`).
    private boolean canUserfault(Vma vma, int uffdFlags) {
        boolean minor = VmFlags.any(uffdFlags, VmFlags.VM_UFFD_MINOR);
        boolean wp = VmFlags.any(uffdFlags, VmFlags.VM_UFFD_WP);
        VirtualFile file = vma.file();
        boolean suits = file == null ? !minor : file.isShmem() && !(minor && !minorOfShmem) && !(wp && !wpOfShmem);
        return suits && !vma.is(VmFlags.VM_SPECIAL) && !(refusesDroppable && vma.is(VmFlags.VM_DROPPABLE));
    }

    private long disarm(Task task, long start, long end) {
        long result = 0;
        for (Vma vma = first(start, end, result); vma != null && result == 0; vma = mm.vmas().findIntersection(vma.end(), end)) {
            if (vma.userfaultfd() == context) {
                long from = Math.max(vma.start(), start);
                result = disarm(task, vma, from, Math.min(vma.end(), end));
                vma = Objects.requireNonNull(mm.vmas().lookup(from));
            }
        }
        return result;
    }

    private long disarm(Task task, Vma vma, long start, long end) {
        if (vma.is(VmFlags.VM_UFFD_MISSING)) {
            context.wake(task, start, end);
        }
        if (vma.is(VmFlags.VM_UFFD_WP)) {
            writeProtect.entries(task, vma, start, end, false);
        }
        return modify.setTraits(task, vma, start, end,
                VmaTraits.of(vma).withFlags(vma.flags() & ~VmFlags.VM_UFFD_FLAGS).withUserfaultfd(null));
    }
}
