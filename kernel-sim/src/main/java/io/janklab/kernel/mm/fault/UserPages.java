package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.FaultFlags;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// Finds user pages on the kernel's behalf, and faults them in where they are missing (Linux `mm/gup.c`, 6.17).
///
/// The caller holds mmap_lock for reading. A fault that has to wait, for a file's page or for a userfaultfd manager, releases it first,
/// unless the request says that it must be kept.
public final class UserPages {
    /// Not an errno: mmap_lock has been released; find the VMA again and continue with this page (`VM_FAULT_RETRY`).
    static final long RETRY = 1;

    private final MemoryManager memory;
    private final FaultHandler faults;
    private final boolean touchesLocked;

    public UserPages(MemoryManager memory, FaultHandler faults) {
        this.memory = memory;
        this.faults = faults;
        this.touchesLocked = memory.profile().keeps(Switch.RULE_TOUCH_UNDER_PTL);
    }

    /// A request for pages.
    ///
    /// @param write     as for a store (`FOLL_WRITE`)
    /// @param force     to read even without the right to, where the mapping may be given it (`FOLL_FORCE`)
    /// @param remote    for another process, whose protection keys do not count (`FOLL_REMOTE`)
    /// @param keepsLock mmap_lock is never released; a fault that would have to wait for a userfaultfd manager fails (no `FOLL_UNLOCKABLE`)
    /// @param frames receives the frame of each, with a reference, or [FolioTable#NO_FRAME] for the zero page; null if they need only be
    /// present
    public record Wanted(boolean write, boolean force, boolean remote, boolean keepsLock, int @Nullable [] frames) {
        /// Pages that need only be present.
        static Wanted present(boolean write) {
            return new Wanted(write, false, false, false, null);
        }

        /// `check_vma_flags`: reading takes the right to read itself, even where the hardware would be content with another.
        boolean isAllowed(Vma vma) {
            if (vma.is(VmFlags.VM_PFNMAP) || (!remote && vma.is(VmFlags.VM_PKEY_EXECUTE_ONLY))) {
                return false;
            }
            return vma.is(write ? VmFlags.VM_WRITE : VmFlags.VM_READ) || (force && !write && vma.is(VmFlags.VM_MAYREAD));
        }

        private boolean isSatisfiedBy(long pte) {
            return Pte.has(pte, write ? Pte.PRESENT | Pte.WRITE : Pte.PRESENT);
        }
    }

    /// Up to `pages` pages from `start` on (`__get_user_pages_locked`). A retried fault waits with mmap_lock held. The lock is held again
    /// on return, but may have been released in between.
    ///
    /// @return how many; if none, −ENOMEM (no mapping, no memory), −EFAULT (no right, or SIGBUS), or −EINTR, with mmap_lock not held
    public long get(Task task, Mm mm, long start, long pages, Wanted wanted) {
        int done = 0;
        int flags = 0;
        Vma vma = null;
        while (done < pages) {
            if (task.isKilled()) {
                return done > 0 ? done : killed(task, mm);
            }
            long at = start + done * Addresses.PAGE_SIZE;
            vma = vma != null && vma.contains(at) ? vma : mm.vmas().lookup(at);
            long result = vma == null ? -Errno.ENOMEM : wanted.isAllowed(vma) ? page(task, vma, at, wanted, flags, done) : -Errno.EFAULT;
            if (result == RETRY) {
                if (task.isKilled() || !mm.mmapLock().downReadKillable(task)) {
                    return -Errno.EINTR;
                }
                flags = FaultFlags.TRIED;
                vma = null;
            } else if (result != 0) {
                return done > 0 ? done : result;
            } else {
                flags = 0;
                done++;
            }
        }
        return done;
    }

    private static long killed(Task task, Mm mm) {
        mm.mmapLock().upRead(task);
        return -Errno.EINTR;
    }

    /// One page, the `index`-th, of a VMA that allows it: found, or faulted in until it is.
    ///
    /// @return 0; −ENOMEM or −EFAULT; or [#RETRY]
    long page(Task task, Vma vma, long address, Wanted wanted, int faultFlags, int index) {
        task.condResched();
        int flags = wanted.keepsLock ? FaultFlags.KEEP_LOCK : faultFlags;
        while (!follow(task, vma, address, wanted, index)) {
            FaultOutcome outcome = faults.handle(new VmFault(task, vma.mm(), address, wanted.write).in(vma, flags));
            if (outcome.isRetry()) {
                return RETRY;
            }
            if (outcome.result() != FaultResult.HANDLED) {
                return outcome.result() == FaultResult.OUT_OF_MEMORY ? -Errno.ENOMEM : -Errno.EFAULT;
            }
        }
        return 0;
    }

    /// `follow_page_mask`: looks at the entry under its table's lock.
    private boolean follow(Task task, Vma vma, long address, Wanted wanted, int index) {
        task.charge(memory.costs(), Cost.SCAN_PTE);
        PteTable table = vma.mm().ptes().lock(task, address);
        if (table == null) {
            return followHuge(task, vma.mm(), address, wanted, index);
        }
        long pte = table.get(PteTable.index(address));
        boolean found = wanted.isSatisfiedBy(pte);
        // `rule.touch-under-ptl`: the lock keeps the folio mapped.
        if (found && touchesLocked) {
            touch(pte, wanted, index);
        }
        table.lock().unlock(task);
        if (found && !touchesLocked) {
            Interleaving.write(task.interleaving(), Shared.FOLIO, Pte.frame(pte), memory.folios());
            touch(pte, wanted, index);
        }
        return found;
    }

    /// `follow_trans_huge_pmd`.
    private boolean followHuge(Task task, Mm mm, long address, Wanted wanted, int index) {
        if (mm.pageTable().huge(address) == null) {
            return false;
        }
        mm.pmdLock().lock(task);
        HugePmd huge = mm.pageTable().huge(address);
        long entry = huge == null ? Pte.NONE : mm.hugePmds().entryAt(huge, address);
        boolean found = huge != null && wanted.isSatisfiedBy(entry);
        if (found) {
            touch(entry, wanted, index);
        }
        mm.pmdLock().unlock(task);
        return found;
    }

    /// `FOLL_TOUCH` marks the folio dirty, where a store would mark the entry; `FOLL_GET` takes a reference.
    private void touch(long pte, Wanted wanted, int index) {
        int frame = Pte.hasFolio(pte) ? Pte.frame(pte) : FolioTable.NO_FRAME;
        if (frame != FolioTable.NO_FRAME && wanted.write && !Pte.has(pte, Pte.DIRTY)) {
            memory.folios().set(frame, FolioTable.DIRTY);
        }
        if (wanted.frames != null) {
            wanted.frames[index] = frame;
            if (frame != FolioTable.NO_FRAME) {
                memory.folios().get(frame);
            }
        }
    }
}
