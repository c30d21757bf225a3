package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// UFFDIO_COPY and UFFDIO_ZEROPAGE: fill missing pages (Linux `mm/userfaultfd.c`, `mfill_atomic`).
final class UserfaultfdFill {
    private static final long NO_SOURCE = -1;
    /// In place of a source: pages are poisoned.
    private static final long POISON = -2;
    /// The same: pages are those of the page cache.
    private static final long CONTINUE = -3;

    private final Mm mm;
    private final MemoryManager memory;
    private final FaultHandler faults;
    private final UserfaultfdLocks locks;
    private final PageTableAllocator tables;
    private final UserfaultfdShared shared;
    private final boolean copiesAtOnce;

    UserfaultfdFill(Mm mm, FaultHandler faults) {
        this.mm = mm;
        this.faults = faults;
        this.memory = mm.memory();
        this.locks = new UserfaultfdLocks(mm);
        this.tables = new PageTableAllocator(memory);
        this.shared = new UserfaultfdShared(memory);
        this.copiesAtOnce = memory.profile().keeps(Switch.RULE_FILL_COPIES_AT_ONCE);
    }

    /// One call and its progress.
    private static final class Call {
        final UserfaultfdLocks.Locked locked = new UserfaultfdLocks.Locked();
        final Task task;
        final long start;
        final long length;
        final boolean writeProtected;
        final boolean trylock;

        Call(Task task, long start, long length, boolean writeProtected, boolean trylock) {
            this.task = task;
            this.start = start;
            this.length = length;
            this.writeProtected = writeProtected;
            this.trylock = trylock;
        }

        long end() {
            return start + length;
        }
    }

    long copy(Task task, long destination, long source, long length, boolean writeProtected, boolean trylock) {
        return fill(new Call(task, destination, length, writeProtected, trylock), source);
    }

    long zeropage(Task task, long start, long length, boolean trylock) {
        return fill(new Call(task, start, length, false, trylock), NO_SOURCE);
    }

    long poison(Task task, long start, long length) {
        return fill(new Call(task, start, length, false, false), POISON);
    }

    long continueWith(Task task, long start, long length, boolean writeProtected) {
        return fill(new Call(task, start, length, writeProtected, false), CONTINUE);
    }

    /// @return bytes filled, or an error if none
    private long fill(Call call, long source) {
        long error = lock(call, source);
        if (error != 0) {
            return error;
        }
        long filled = 0;
        while (filled < call.length && error == 0 && !(filled > 0 && givesWay(call))) {
            long address = call.start + filled;
            error = page(call, address, source < 0 ? source : source + filled);
            if (error == 0) {
                filled += Addresses.PAGE_SIZE;
                call.task.condResched();
                error = call.task.isKilled() ? -Errno.EINTR : 0;
            }
        }
        if (call.locked.isHeld()) {
            locks.unlock(call.task, call.locked);
        }
        return filled > 0 ? filled : error;
    }

    /// One page. A huge mapping is not looked into: it counts as filled before the source is read.
    private long page(Call call, long address, long source) {
        if (!tables.allocate(call.task, mm, address)) {
            return -Errno.ENOMEM;
        }
        if (mm.pageTable().huge(address) != null) {
            return -Errno.EEXIST;
        }
        if (source == POISON) {
            return poison(call, address);
        }
        if (source == CONTINUE) {
            return shared.continueWith(call.task, call.locked.destination(), address, call.writeProtected);
        }
        return source == NO_SOURCE ? zeroPage(call, address) : fillFolio(call, address, source);
    }

    /// `mfill_atomic_pte_poison`: not even a marker is replaced.
    private long poison(Call call, long address) {
        PteTable table = mm.ptes().lockIfUnchanged(call.task, address, Pte.NONE);
        if (table == null) {
            return -Errno.EEXIST;
        }
        call.task.charge(memory.costs(), Cost.GUARD_PTE);
        table.install(PteTable.index(address), Pte.POISON);
        table.lock().unlock(call.task);
        return 0;
    }

    /// A caller that does not wait for others does not make them wait either.
    private boolean givesWay(Call call) {
        return call.trylock && mm.mmapLock().isContended();
    }

    /// ENOENT unless all of the range lies in one registered VMA; EINVAL if write protection is asked for where it is not registered.
    private long lock(Call call, long source) {
        long error = locks.lockDestination(call.task, call.start, call.locked, call.trylock);
        if (error != 0) {
            return error;
        }
        Vma vma = call.locked.destination();
        if (vma.userfaultfd() == null || call.end() > vma.end()) {
            error = -Errno.ENOENT;
        } else if (call.writeProtected && !vma.is(VmFlags.VM_UFFD_WP) || source == CONTINUE && vma.file() == null) {
            error = -Errno.EINVAL;
        }
        if (error != 0) {
            locks.unlock(call.task, call.locked);
        }
        return error;
    }

    /// `mfill_atomic_pte_zeropage`; where there is no zero page, `mfill_atomic_pte_zeroed_folio`.
    private long zeroPage(Call call, long address) {
        if (mm.forbidsZeropage() || call.locked.destination().file() != null) {
            return fillFolio(call, address, NO_SOURCE);
        }
        PteTable table = mm.ptes().lockIfUnchanged(call.task, address, Pte.NONE);
        if (table == null) {
            return -Errno.EEXIST;
        }
        call.task.charge(memory.costs(), Cost.PTE_SET);
        table.install(PteTable.index(address), Pte.ofZeroPage(call.locked.destination().pteBits() | Pte.YOUNG));
        table.lock().unlock(call.task);
        return 0;
    }

    /// `mfill_atomic_pte_copy`, or without a source `mfill_atomic_pte_zeroed_folio`: the folio is filled before the table is locked.
    private long fillFolio(Call call, long address, long source) {
        int frame = memory.allocate(call.task, 0);
        if (frame == FolioTable.NO_FRAME) {
            return -Errno.ENOMEM;
        }
        call.task.charge(memory.costs().ns(source == NO_SOURCE ? Cost.PAGE_ZERO : Cost.PAGE_COPY));
        memory.copyContents(FolioTable.NO_FRAME, frame);
        long error = source == NO_SOURCE ? 0 : readSource(call, source, frame);
        if (error == 0 && call.locked.destination().file() != null) {
            return shared.fill(call.task, call.locked.destination(), address, frame, call.writeProtected);
        }
        if (error == 0) {
            PteTable table = lockIfFree(call.task, address);
            if (table != null) {
                install(call, table, address, frame, source);
                table.lock().unlock(call.task);
                return 0;
            }
            error = -Errno.EEXIST;
        }
        memory.batches().put(frame);
        return error;
    }

    /// `pte_none_mostly`: a marker is replaced by a copy, but not by the zero page.
    private @Nullable PteTable lockIfFree(Task task, long address) {
        return UserfaultfdShared.lockIfFree(task, mm, address);
    }

    /// The source is read with faults off; if it is not present the locks are released, it is read with faults on, and everything is
    /// rechecked.
    private long readSource(Call call, long source, int frame) {
        long missing = copyFrom(call.task, source, frame);
        if (missing == NO_SOURCE) {
            return 0;
        }
        locks.unlock(call.task, call.locked);
        while (missing != NO_SOURCE) {
            if (faults.fault(call.task, mm, missing, false, false) != FaultResult.HANDLED) {
                return -Errno.EFAULT;
            }
            missing = copyFrom(call.task, source, frame);
        }
        return lock(call, source);
    }

    /// `copy_from_user`, as the hardware does it: by the entry it finds, in one instant. A source that is not aligned lies on two pages.
    ///
    /// @return an address that takes a fault, or NO_SOURCE
    private long copyFrom(Task task, long source, int frame) {
        long entry = mm.translate(task, source, false);
        if (entry == Pte.NONE) {
            return source;
        }
        // A stamp stands for the first bytes of a page, so only an aligned source has one.
        if (memory.contents() != null && Pte.hasFolio(entry) && Addresses.isAligned(source)) {
            memory.contents().set(frame, memory.contents().get(Pte.frame(entry)));
        }
        long last = source + Addresses.PAGE_SIZE - 1;
        return Addresses.isAligned(source) || mm.translate(task, last, false) != Pte.NONE ? NO_SOURCE : last;
    }

    /// `mfill_atomic_install_pte`.
    private void install(Call call, PteTable table, long address, int frame, long source) {
        Vma vma = call.locked.destination();
        faults.addAnonFolio(call.task, vma, address, frame);
        if (!copiesAtOnce && source != NO_SOURCE && Addresses.isAligned(source)) {
            memory.copyContents(mm.frameAt(source), frame);
        }
        long bits = vma.pteBits() | Pte.YOUNG | Pte.DIRTY;
        if (call.writeProtected) {
            bits |= Pte.UFFD_WP;
        } else if (vma.is(VmFlags.VM_WRITE)) {
            bits |= Pte.WRITE;
        }
        int index = PteTable.index(address);
        if (Pte.isMarker(table.get(index))) {
            table.clear(index);
        }
        table.install(index, Pte.of(frame, bits));
    }
}
