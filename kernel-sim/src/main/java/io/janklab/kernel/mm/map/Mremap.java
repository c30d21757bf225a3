package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.MREMAP_DONTUNMAP;
import static io.janklab.kernel.uapi.Mman.MREMAP_FIXED;
import static io.janklab.kernel.uapi.Mman.MREMAP_MAYMOVE;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaMerge;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.Objects;

/// `mremap(2)`: shrinks, grows in place, or moves the page tables elsewhere (Linux `mm/mremap.c`).
public final class Mremap {
    /// A move may need three more VMAs.
    private static final int SPARE_VMAS = 3;

    private final Mm mm;
    private final MemoryManager memory;
    private final VmaMerge merge;
    private final MovePageTables movePageTables;
    private final UnmappedArea unmappedArea;
    private final Munmap munmap;
    private final Populate populate;
    /// Since 6.17: arguments and mappings are checked before anything is unmapped, and a plain move takes all mappings of its range.
    private final boolean movesSeveral;
    private final boolean staysAnywhere;
    private final boolean movesHugetlb;

    public Mremap(Mm mm, UnmappedArea unmappedArea, Munmap munmap, Populate populate) {
        this.mm = mm;
        this.unmappedArea = unmappedArea;
        this.munmap = munmap;
        this.populate = populate;
        this.memory = mm.memory();
        this.merge = new VmaMerge(mm);
        this.movePageTables = new MovePageTables(mm);
        this.staysAnywhere = memory.profile().is(Switch.MREMAP_DONTUNMAP, SwitchValue.ALL);
        this.movesHugetlb = !memory.profile().is(Switch.HUGETLB, SwitchValue.REFUSED);
        this.movesSeveral = memory.profile().is(Switch.MREMAP, SwitchValue.SEVERAL);
    }

    /// One call; lengths are whole pages.
    private record Call(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        long oldEnd() {
            return address + oldLength;
        }

        boolean isPlainMove() {
            return has(MREMAP_FIXED) && oldLength == newLength;
        }

        /// In whole pages of hugetlb.
        Call inPages(long size) {
            return new Call(task, address, oldLength + size - 1 & -size, newLength + size - 1 & -size, flags, newAddress);
        }

        /// The part of a plain move that is mapped by one VMA.
        Call part(Vma vma) {
            long start = Math.max(vma.start(), address);
            long length = Math.min(vma.end(), oldEnd()) - start;
            return new Call(task, start, length, length, flags, newAddress + (start - address));
        }

        boolean overlapsTarget() {
            return oldEnd() > newAddress && newAddress + newLength > address;
        }
    }

    /// Returns the new address, or: EINVAL for flags, misalignment, a new length of 0, a target that overlaps, or hugetlb that would
    /// grow or not lie in whole pages of its; EFAULT where nothing is
    /// mapped, or not all of it by one VMA; EPERM if sealed; EAGAIN at the limit on locked memory; ENOMEM if there is no room.
    public long mremap(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        Call call = new Call(task, address, Addresses.pageAlign(oldLength), Addresses.pageAlign(newLength), flags, newAddress);
        return mremap(call);
    }

    private long mremap(Call asked) {
        Call call = asked;
        Task task = call.task;
        long error = checkArguments(call);
        if (error == 0 && movesSeveral && call.has(MREMAP_FIXED | MREMAP_DONTUNMAP)) {
            error = checkTarget(call);
        }
        if (error != 0) {
            return error;
        }
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        task.charge(memory.costs(), Cost.MREMAP);
        Vma vma = mm.vmas().lookup(call.address);
        error = vma == null ? -Errno.EFAULT : vma.is(VmFlags.VM_SEALED) ? -Errno.EPERM : 0;
        if (error == 0 && vma != null && vma.is(VmFlags.VM_HUGETLB)) {
            call = call.inPages(Objects.requireNonNull(vma.file()).reservations().pageSize());
            error = checkHugetlb(call, vma);
        }
        if (error == 0 && !call.has(MREMAP_FIXED | MREMAP_DONTUNMAP) && call.newLength < call.oldLength) {
            error = munmap.downgradeAndUnmap(task, call.address + call.newLength, call.oldEnd());
            return error == 0 ? call.address : error;
        }
        long result = error != 0 ? error : remap(call, Objects.requireNonNull(vma));
        mm.writeUnlock(task);
        if (result >= 0 && call.newLength > call.oldLength) {
            populateIfLocked(call, result);
        }
        return result;
    }

    /// Lengths have been rounded up to its pages. What has been reserved for it cannot grow with it; before 5.16 it does not move, either
    /// (`hugetlb`).
    private long checkHugetlb(Call call, Vma vma) {
        boolean inside = Objects.requireNonNull(vma.file()).reservations().isInside(call.address | call.newAddress);
        boolean moves = call.has(MREMAP_FIXED | MREMAP_DONTUNMAP) || call.newLength != call.oldLength;
        return inside || call.newLength > call.oldLength || moves && !movesHugetlb ? -Errno.EINVAL : 0;
    }

    private static long checkArguments(Call call) {
        int known = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
        boolean fixedInPlace = call.has(MREMAP_FIXED) && !call.has(MREMAP_MAYMOVE);
        boolean dontunmapResized = call.has(MREMAP_DONTUNMAP) && (!call.has(MREMAP_MAYMOVE) || call.oldLength != call.newLength);
        boolean bad = (call.flags & ~known) != 0 || fixedInPlace || dontunmapResized || !Addresses.isAligned(call.address)
                || call.newLength <= 0;
        return bad ? -Errno.EINVAL : 0;
    }

    /// The rest of the call, under mmap_lock for writing.
    private long remap(Call call, Vma vma) {
        if (movesSeveral && call.isPlainMove()) {
            return moveSeveral(call, vma);
        }
        if (call.has(MREMAP_FIXED | MREMAP_DONTUNMAP)) {
            return moveTo(call);
        }
        if (call.oldLength == call.newLength) {
            return call.address;
        }
        long error = checkResize(call, vma);
        if (error != 0) {
            return error;
        }
        if (call.oldEnd() == vma.end() && expandInPlace(call, vma)) {
            return call.address;
        }
        if (!call.has(MREMAP_MAYMOVE)) {
            return -Errno.ENOMEM;
        }
        long target = unmappedArea.find(0, call.newLength, 0, vma.file(), vma.index(call.address));
        return target < 0 ? target : move(call, vma, call.oldLength, target);
    }

    /// `remap_move`: one mapping after the other, the holes between them kept; an error leaves those before it moved. A mapping
    /// armed with a userfaultfd moves only alone.
    private long moveSeveral(Call call, Vma first) {
        Vma vma = first;
        long end = call.oldEnd();
        for (long at = call.address; vma != null && vma.start() < end && at < end; vma = mm.vmas().find(at)) {
            boolean oneOfSeveral = at > call.address || vma.end() < end;
            if (oneOfSeveral && vma.userfaultfd() != null) {
                return -Errno.EFAULT;
            }
            Call part = call.part(vma);
            long moved = vma.is(VmFlags.VM_HUGETLB) ? checkHugetlb(part, vma) : 0;
            if (moved == 0) {
                moved = vma.is(VmFlags.VM_SEALED) ? -Errno.EPERM : moveTo(part);
            }
            if (moved < 0) {
                return moved;
            }
            at = part.oldEnd();
        }
        return call.newAddress;
    }

    /// `vma_to_resize`.
    private long checkResize(Call call, Vma vma) {
        // Of a shared mapping an old length of 0 makes a second one.
        if (call.oldLength == 0 && !vma.is(VmFlags.VM_SHARED | VmFlags.VM_MAYSHARE)) {
            return -Errno.EINVAL;
        }
        if (call.has(MREMAP_DONTUNMAP) && !mayStay(vma)) {
            return -Errno.EINVAL;
        }
        if (call.oldEnd() > vma.end()) {
            return -Errno.EFAULT;
        }
        if (call.newLength > call.oldLength && vma.is(VmFlags.VM_DONTEXPAND | VmFlags.VM_PFNMAP)) {
            return -Errno.EFAULT;
        }
        boolean overLimit = call.newLength > call.oldLength && !mm.mayLock(vma.flags(), call.newLength - call.oldLength);
        return overLimit ? -Errno.EAGAIN : 0;
    }

    /// Whether MREMAP_DONTUNMAP may leave it where it is.
    private boolean mayStay(Vma vma) {
        boolean anonymous = vma.file() == null && !vma.is(VmFlags.VM_SHARED);
        return !vma.is(VmFlags.VM_DONTEXPAND) && !vma.is(VmFlags.VM_PFNMAP) && (staysAnywhere || anonymous);
    }

    /// Grows over the hole behind the VMA, regardless of a stack's guard gap, and merges with the next VMA if it is compatible
    /// (`vma_merge_extend`).
    private boolean expandInPlace(Call call, Vma vma) {
        long end = call.address + call.newLength;
        if (end < 0 || end > Addresses.TASK_SIZE || mm.vmas().findIntersection(vma.end(), end) != null) {
            return false;
        }
        long pgoff = vma.index(vma.end());
        if (merge.mergeNewRange(call.task, vma.end(), end, VmaTraits.of(vma), pgoff, vma) == null) {
            throw new KernelRuleBroken("kernel bug: " + vma + " does not grow over its own continuation");
        }
        return true;
    }

    /// `mremap_to`: to a given address, where existing mappings are removed, or to one of the kernel's choice.
    private long moveTo(Call call) {
        long error = movesSeveral ? checkSource(call) : checkTarget(call);
        if (error != 0) {
            return error;
        }
        error = call.has(MREMAP_FIXED) ? munmap.replace(call.task, call.newAddress, call.newAddress + call.newLength) : 0;
        long moved = Math.min(call.oldLength, call.newLength);
        if (error == 0 && call.oldLength > moved) {
            error = munmap.replace(call.task, call.address + moved, call.oldEnd());
        }
        Vma vma = mm.vmas().lookup(call.address);
        if (error == 0) {
            error = checkSource(call);
        }
        if (error != 0) {
            return error;
        }
        int flags = call.has(MREMAP_FIXED) ? Mman.MAP_FIXED : 0;
        VirtualFile file = Objects.requireNonNull(vma).file();
        long target = unmappedArea.find(call.newAddress, call.newLength, flags, file, vma.index(call.address));
        return target < 0 ? target : move(call, vma, moved, target);
    }

    private long checkTarget(Call call) {
        if (!Addresses.isAligned(call.newAddress) || call.newAddress < 0 || call.newAddress > Addresses.TASK_SIZE - call.newLength
                || call.overlapsTarget()) {
            return -Errno.EINVAL;
        }
        return mm.mapCount() + 2 >= Mm.MAX_MAP_COUNT - SPARE_VMAS ? -Errno.ENOMEM : 0;
    }

    /// The source, shrunk first if it is longer than the target.
    private long checkSource(Call call) {
        Vma vma = mm.vmas().lookup(call.address);
        long moved = Math.min(call.oldLength, call.newLength);
        if (vma == null) {
            return -Errno.EFAULT;
        }
        return checkResize(new Call(call.task, call.address, moved, call.newLength, call.flags, call.newAddress), vma);
    }

    /// `move_vma`: copies the VMA to `target`, moves the page tables, and unmaps the old part unless it is to stay, empty.
    private long move(Call call, Vma vma, long length, long target) {
        if (mm.mapCount() >= Mm.MAX_MAP_COUNT - SPARE_VMAS) {
            return -Errno.ENOMEM;
        }
        Task task = call.task;
        mm.startWrite(task, vma);
        Vma copy = copyVma(task, vma, call.address, target, call.newLength);
        Vma source = mm.vmas().lookup(call.address);
        long end = call.address + length;
        // `need_rmap_locks`: a walk would meet the VMA that has absorbed the copy before the source.
        boolean merged = copy.pages() != call.newLength >>> Addresses.PAGE_SHIFT;
        Vma rmapLocked = merged && copy.pgoff() <= Objects.requireNonNull(source).pgoff() ? copy : null;
        if (!movePageTables.move(task, Objects.requireNonNull(source), call.address, target, length, rmapLocked)) {
            movePageTables.moveBack(task, copy, call.address, target, length);
            munmap.replace(task, target, target + call.newLength);
            return -Errno.ENOMEM;
        }
        disarm(copy);
        if (call.has(MREMAP_DONTUNMAP)) {
            keepEmpty(task, Objects.requireNonNull(source), copy, call.address, end);
            return target;
        }
        long error = length == 0 ? 0 : munmap.replace(task, call.address, end);
        return error == 0 ? target : error;
    }

    /// `copy_vma`: memory never faulted in takes the page offset of its new address.
    private Vma copyVma(Task task, Vma vma, long address, long target, long length) {
        boolean untouched = vma.anonVma() == null && vma.file() == null;
        long pgoff = untouched ? target >>> Addresses.PAGE_SHIFT : vma.index(address);
        VmaTraits traits = VmaTraits.of(vma);
        Vma merged = merge.mergeNewRange(task, target, target + length, traits, pgoff, vma);
        if (merged != null) {
            return merged;
        }
        task.charge(memory.costs(), Cost.VMA_NEW);
        Vma copy = mm.newVma(target, target + length, pgoff, traits.flags());
        traits.applyTo(copy);
        memory.anonVmas().copy(task, copy, vma);
        if (vma.file() != null) {
            vma.file().link(task, copy);
        }
        mm.startWrite(task, copy);
        copy.markAttached();
        mm.vmas().insert(copy);
        return copy;
    }

    /// `mremap_userfaultfd_prep` without UFFD_FEATURE_EVENT_REMAP: neither the copy nor what it has been merged with is armed.
    private static void disarm(Vma copy) {
        if (copy.userfaultfd() != null) {
            VmaTraits.of(copy).withFlags(copy.flags() & ~VmFlags.VM_UFFD_FLAGS).withUserfaultfd(null).applyTo(copy);
        }
    }

    /// `dontunmap_complete`: no longer locked, and without anon_vma if all of it has moved.
    private void keepEmpty(Task task, Vma source, Vma copy, long start, long end) {
        source.setFlags(source.flags() & ~VmFlags.VM_LOCKED_MASK);
        if (source != copy && source.start() == start && source.end() == end) {
            memory.anonVmas().unlink(task, source);
        }
    }

    private void populateIfLocked(Call call, long address) {
        Vma vma = mm.vmas().lookup(address);
        if (vma != null && vma.is(VmFlags.VM_LOCKED)) {
            populate.populate(call.task, mm, address + call.oldLength, address + call.newLength);
        }
    }
}
