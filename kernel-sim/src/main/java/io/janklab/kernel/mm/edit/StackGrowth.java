package io.janklab.kernel.mm.edit;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import java.util.Objects;

/// Mappings that grow down when touched below their start, and the gap kept free below them (Linux `expand_downwards`, `mm/vma.c`).
///
/// Until the fix of CVE-2023-3269 (6.5, 6.1.37; `rule.stack-grows-under-write-lock`) a fault grew the stack under mmap_lock for reading,
/// and the anon_vma's and the page tables' locks kept others who did so away.
public final class StackGrowth {
    /// `stack_guard_gap`.
    static final long GUARD_GAP = 256 * Addresses.PAGE_SIZE;
    /// RLIMIT_STACK's usual 8 MiB.
    private static final long STACK_LIMIT = 8L << 20;

    private final AnonVmaPrepare anonVmaPrepare;
    private final boolean underWriteLock;

    public StackGrowth(AnonVmaPrepare anonVmaPrepare, KernelProfile profile) {
        this.anonVmaPrepare = anonVmaPrepare;
        this.underWriteLock = profile.keeps(Switch.RULE_STACK_GROWS_UNDER_WRITE_LOCK);
    }

    /// The lowest address `vma` claims (`vm_start_gap`).
    public static long startWithGap(Vma vma) {
        return vma.is(VmFlags.VM_GROWSDOWN) ? Math.max(0, vma.start() - GUARD_GAP) : vma.start();
    }

    /// Whether `[start, end)` overlaps a VMA, or the gap below a stack.
    public static boolean reaches(Mm mm, long start, long end) {
        Vma next = mm.vmas().find(start);
        return next != null && startWithGap(next) < end;
    }

    /// Grows the stack above `address` down to it, for a fault that found nothing there. mmap_lock is held for reading before and after; in
    /// between it is released and taken for writing, since it cannot be upgraded (`lock_mm_and_find_vma`).
    ///
    /// @return false if SIGKILL came in between: the lock is not held
    public boolean expand(Task task, Mm mm, long address) {
        Vma above = mm.vmas().find(address);
        if (above == null || !above.is(VmFlags.VM_GROWSDOWN)) {
            return true;
        }
        if (!underWriteLock) {
            expandUnderReadLock(task, mm, above, Addresses.pageFloor(address));
            return true;
        }
        mm.mmapLock().upRead(task);
        if (!mm.writeLockKillable(task)) {
            return false;
        }
        Vma vma = mm.vmas().find(address);
        if (vma != null && vma.start() > address && mayExpand(mm, vma, Addresses.pageFloor(address))) {
            expandDownwards(task, mm, vma, Addresses.pageFloor(address));
        }
        mm.downgrade(task);
        return true;
    }

    /// The gap to an accessible mapping below, the limits on a stack's size and on locked memory, and page offsets, which do not fall below
    /// 0: those of a stack that mremap has moved up may begin far below its address.
    private static boolean mayExpand(Mm mm, Vma vma, long start) {
        if (!vma.is(VmFlags.VM_GROWSDOWN) || start < Mm.MIN_ADDRESS || vma.end() - start > STACK_LIMIT
                || !mm.mayLock(vma.flags(), vma.start() - start)) {
            return false;
        }
        if ((vma.start() - start) / Addresses.PAGE_SIZE > vma.pgoff()) {
            return false;
        }
        Vma prev = mm.vmas().prev(vma);
        return prev == null || prev.is(VmFlags.VM_GROWSDOWN) || !prev.is(VmFlags.VM_ACCESS_FLAGS) || start - prev.end() >= GUARD_GAP;
    }

    private void expandUnderReadLock(Task task, Mm mm, Vma vma, long start) {
        if (vma.anonVma() == null) {
            anonVmaPrepare.prepare(task, vma, false);
        }
        Objects.requireNonNull(vma.anonVma()).rwsem().downWrite(task);
        mm.pmdLock().lock(task);
        if (vma.start() > start && mayExpand(mm, vma, start)) {
            mm.memory().anonVmas().remove(vma);
            mm.vmas().setBounds(vma, start, vma.end());
            mm.memory().anonVmas().insert(vma);
        }
        mm.pmdLock().unlock(task);
        vma.anonVma().rwsem().upWrite(task);
    }

    private void expandDownwards(Task task, Mm mm, Vma vma, long start) {
        if (vma.anonVma() == null) {
            anonVmaPrepare.prepare(task, vma, false);
        }
        VmaEdit edit = VmaEdit.prepare(task, mm, null, vma);
        edit.resize(vma, start, vma.end());
        edit.complete();
    }
}
