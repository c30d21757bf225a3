package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.FaultOwner;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// UFFDIO_MOVE: pages change their address, their folios staying where they are (Linux `mm/userfaultfd.c`, `move_pages`).
///
/// A moved folio gets another anon_vma and offset. Until 6.18 reclaim read both without the folio's lock, so a mover also takes the
/// anon_vma lock for writing: movers from one VMA, or one fork family, go one at a time. Since 6.19 the folio's lock is enough.
final class UserfaultfdMove {
    /// Not an errno: the task has waited for a lock; recheck the entries.
    private static final long RETRY = 1;

    private final Mm mm;
    private final MemoryManager memory;
    private final FaultOwner context;
    private final UserfaultfdLocks locks;
    private final PageTableAllocator tables;
    private final boolean takesAnonVmaLock;
    private final boolean marksAnonVma;
    private final boolean locksFolio;
    private final boolean refusesShared;
    private final boolean locksTablesInOrder;
    private final boolean flushes;
    private final boolean rechecksSwapCache;

    UserfaultfdMove(Mm mm, FaultOwner context) {
        this.mm = mm;
        this.memory = mm.memory();
        this.context = context;
        this.locks = new UserfaultfdLocks(mm);
        this.tables = new PageTableAllocator(memory);
        KernelProfile profile = memory.profile();
        this.marksAnonVma = profile.is(Switch.UFFD_MOVE_RMAP, SwitchValue.MARKED);
        this.takesAnonVmaLock = profile.is(Switch.UFFD_MOVE_RMAP, SwitchValue.ANON_VMA);
        this.locksFolio = profile.keeps(Switch.RULE_FOLIO_LOCK_IN_MOVE);
        this.refusesShared = profile.keeps(Switch.RULE_MOVE_EXCLUSIVE_ONLY);
        this.locksTablesInOrder = profile.keeps(Switch.RULE_PTL_ORDER);
        this.flushes = profile.keeps(Switch.RULE_FLUSH_IN_MOVE);
        this.rechecksSwapCache = profile.keeps(Switch.RULE_MOVE_SWAP_CACHE);
    }

    /// One page being moved, and the locks held for it.
    private static final class Page {
        final Task task;
        final UserfaultfdLocks.Locked vmas;
        final long to;
        final long from;
        final boolean mayBeHole;
        /// Both locked, or neither.
        @Nullable PteTable toTable;
        @Nullable PteTable fromTable;
        /// Referenced and locked, or NO_FRAME.
        int frame = FolioTable.NO_FRAME;
        /// The source entry when the folio was referenced.
        long entry;
        /// Write-locked, or null.
        @Nullable AnonVma anonVma;

        Page(Task task, UserfaultfdLocks.Locked vmas, long to, long from, boolean mayBeHole) {
            this.task = task;
            this.vmas = vmas;
            this.to = to;
            this.from = from;
            this.mayBeHole = mayBeHole;
        }

        int toIndex() {
            return PteTable.index(to);
        }

        int fromIndex() {
            return PteTable.index(from);
        }
    }

    /// @return bytes moved (holes included, where they are allowed), or an error if none
    long move(Task task, long destination, long source, long length, boolean allowHoles) {
        UserfaultfdLocks.Locked locked = new UserfaultfdLocks.Locked();
        long error = locks.lockBoth(task, destination, source, locked);
        if (error != 0) {
            return error;
        }
        error = validate(locked, destination, source, length);
        if (error == 0) {
            mm.hugePmds().split(task, source, source + length);
            mm.hugePmds().split(task, destination, destination + length);
        }
        if (error == 0 && marksAnonVma) {
            mark(task, locked.source().anonVma());
        }
        long moved = 0;
        while (error == 0 && moved < length) {
            long result = movePage(new Page(task, locked, destination + moved, source + moved, allowHoles));
            if (result == 0) {
                moved += Addresses.PAGE_SIZE;
            } else if (result != -Errno.EAGAIN) {
                error = result;
            }
            task.condResched();
            if (error == 0 && task.isKilled()) {
                error = -Errno.EINTR;
            }
        }
        locks.unlock(task, locked);
        return moved > 0 ? moved : error;
    }

    /// The first move from an anon_vma waits for the walks that are under way without folio locks; later ones do not.
    private static void mark(Task task, @Nullable AnonVma anonVma) {
        if (anonVma != null && !anonVma.isMarked()) {
            anonVma.rwsem().downWrite(task);
            anonVma.mark();
            anonVma.rwsem().upWrite(task);
        }
    }

    /// `validate_move_areas`: both inside one VMA each, alike in rights, writable, and the destination registered with this userfaultfd.
    private long validate(UserfaultfdLocks.Locked locked, long destination, long source, long length) {
        Vma to = locked.destination();
        Vma from = locked.source();
        int alike = VmFlags.VM_ACCESS_FLAGS | VmFlags.VM_LOCKED;
        boolean valid = source + length <= from.end()
                && destination + length <= to.end()
                && ((from.flags() ^ to.flags()) & alike) == 0
                && from.is(VmFlags.VM_WRITE)
                && !from.is(VmFlags.VM_SPECIAL)
                && !to.is(VmFlags.VM_SPECIAL)
                && from.file() == null
                && to.file() == null
                && to.userfaultfd() == context;
        return valid ? 0 : -Errno.EINVAL;
    }

    /// `move_pages_pte`: starts over each time it has had to sleep for a lock.
    private long movePage(Page page) {
        page.task.charge(memory.costs(), Cost.UFFD_MOVE_PTE);
        long result = prepareTables(page);
        if (result != 0) {
            return result;
        }
        result = attempt(page);
        while (result == RETRY) {
            result = attempt(page);
        }
        letGo(page);
        return result;
    }

    /// A source without a table is a hole; both sides get one where holes are allowed.
    private long prepareTables(Page page) {
        boolean hole = mm.pageTable().find(page.from) == null && mm.pageTable().huge(page.from) == null;
        if (hole && !page.mayBeHole) {
            return -Errno.ENOENT;
        }
        return tables.allocate(page.task, mm, page.from) && tables.allocate(page.task, mm, page.to) ? 0 : -Errno.ENOMEM;
    }

    private long attempt(Page page) {
        if (read(page.task, page.to) != Pte.NONE) {
            return -Errno.EEXIST;
        }
        long entry = read(page.task, page.from);
        if (entry == Pte.NONE) {
            return page.mayBeHole ? 0 : -Errno.ENOENT;
        }
        if (page.frame != FolioTable.NO_FRAME && entry != page.entry) {
            return -Errno.EAGAIN;
        }
        if (Pte.hasFolio(entry)) {
            return movePresent(page, entry);
        }
        if (Pte.isSwap(entry)) {
            return moveSwapped(page, entry);
        }
        return Pte.has(entry, Pte.PRESENT) ? moveZeroPage(page, entry) : -Errno.EFAULT;
    }

    private long read(Task task, long address) {
        PteTable table = mm.ptes().lock(task, address);
        if (table == null) {
            return Pte.NONE;
        }
        long pte = table.get(PteTable.index(address));
        table.lock().unlock(task);
        return pte;
    }

    private long movePresent(Page page, long entry) {
        if (page.frame == FolioTable.NO_FRAME) {
            long result = pinAndLock(page, entry, Pte.frame(entry));
            if (result != 0) {
                return result;
            }
        }
        if (takesAnonVmaLock && page.anonVma == null) {
            long result = lockAnonVma(page);
            if (result != 0) {
                return result;
            }
        }
        return relocate(page, entry);
    }

    /// References the folio and tries its lock under the page-table lock; if that is taken, waits for it without.
    private long pinAndLock(Page page, long entry, int frame) {
        PteTable table = mm.ptes().lockIfUnchanged(page.task, page.from, entry);
        if (table == null) {
            return -Errno.EAGAIN;
        }
        long result = isMovable(frame) ? 0 : -Errno.EBUSY;
        boolean locked = false;
        if (result == 0) {
            memory.folios().get(frame);
            page.frame = frame;
            page.entry = entry;
            locked = !locksFolio || memory.folioLocks().trylock(page.task, frame);
        }
        table.lock().unlock(page.task);
        if (result == 0 && !locked) {
            memory.folioLocks().lock(page.task, frame);
            return RETRY;
        }
        return result;
    }

    /// `rule.move-exclusive-only`: another process that maps the folio would look for it at its old offset.
    private boolean isMovable(int frame) {
        return memory.folios().has(frame, FolioTable.ANON_EXCLUSIVE) || !refusesShared;
    }

    /// Tries the anon_vma lock; if that is taken, waits for it in D state, the folio and both VMAs staying locked.
    private long lockAnonVma(Page page) {
        AnonVma anonVma = memory.anonVmas().get(memory.folios().anonVmaId(page.frame));
        if (anonVma == null || memory.folios().mapcount(page.frame) == 0) {
            return -Errno.EAGAIN;
        }
        page.anonVma = anonVma;
        if (anonVma.rwsem().downWriteTrylock(page.task)) {
            return 0;
        }
        anonVma.rwsem().downWrite(page.task);
        return RETRY;
    }

    /// `move_present_pte`.
    private long relocate(Page page, long entry) {
        long result = lockTables(page, entry);
        if (result != 0) {
            return result;
        }
        if (isMovable(page.frame)) {
            Vma to = page.vmas.destination();
            long dirty = takeAway(page) & Pte.DIRTY;
            memory.folios().moveAnon(page.frame, Objects.requireNonNull(to.anonVma()).id(), to.index(page.to));
            long bits = to.pteBits() | Pte.WRITE | Pte.YOUNG | dirty;
            Objects.requireNonNull(page.toTable).install(page.toIndex(), Pte.of(page.frame, bits));
        } else {
            result = -Errno.EBUSY;
        }
        unlockTables(page);
        return result;
    }

    /// `move_swap_pte`: a folio still in the swap cache is locked and moves along.
    private long moveSwapped(Page page, long entry) {
        if (!Pte.has(entry, Pte.SWAP_EXCLUSIVE)) {
            return -Errno.EBUSY;
        }
        if (page.frame == FolioTable.NO_FRAME && !lockCached(page, entry)) {
            return RETRY;
        }
        long result = lockTables(page, entry);
        if (result != 0) {
            return result;
        }
        if (!rechecksSwapCache || memory.swap().cachedFrame(Pte.slot(entry)) == page.frame) {
            takeAway(page);
            if (page.frame != FolioTable.NO_FRAME && memory.folios().has(page.frame, FolioTable.ANON)) {
                Vma to = page.vmas.destination();
                memory.folios().moveAnon(page.frame, Objects.requireNonNull(to.anonVma()).id(), to.index(page.to));
            }
            Objects.requireNonNull(page.toTable).install(page.toIndex(), entry);
        } else {
            result = -Errno.EAGAIN;
        }
        unlockTables(page);
        return result;
    }

    /// References and locks the folio that the swap cache holds for the entry, if any. Whether it still does is rechecked later, under the
    /// tables' locks (`rule.move-swap-cache`).
    ///
    /// @return false if the task had to wait for its lock
    private boolean lockCached(Page page, long entry) {
        int slot = Pte.slot(entry);
        int cached = rechecksSwapCache ? memory.swap().getCachedFrame(slot) : getCachedInTwoSteps(slot);
        if (cached == FolioTable.NO_FRAME) {
            return true;
        }
        page.frame = cached;
        page.entry = entry;
        if (!locksFolio || memory.folioLocks().trylock(page.task, cached)) {
            return true;
        }
        memory.folioLocks().lock(page.task, cached);
        return false;
    }

    /// Without the rule: the folio may be freed between lookup and reference.
    private int getCachedInTwoSteps(int slot) {
        int cached = memory.swap().cachedFrame(slot);
        if (cached != FolioTable.NO_FRAME) {
            memory.folios().get(cached);
        }
        return cached;
    }

    /// `move_zeropage_pte`.
    private long moveZeroPage(Page page, long entry) {
        long result = lockTables(page, entry);
        if (result == 0) {
            takeAway(page);
            Objects.requireNonNull(page.toTable).install(page.toIndex(), Pte.ofZeroPage(page.vmas.destination().pteBits() | Pte.YOUNG));
            unlockTables(page);
        }
        return result;
    }

    /// `ptep_clear_flush` of the source.
    private long takeAway(Page page) {
        page.task.charge(memory.costs().ns(Cost.ZAP_PTE) + memory.costs().ns(Cost.PTE_SET));
        long entry = Objects.requireNonNull(page.fromTable).getAndClear(page.fromIndex());
        if (flushes) {
            memory.tlb().flushPage(page.task, mm.tgid(), page.from);
        }
        return entry;
    }

    /// Locks both tables, the lower first, if the entries are still as they were (`double_pt_lock`, `is_pte_pages_stable`).
    private long lockTables(Page page, long entry) {
        // `rule.ptl-order`: movers that cross must not wait for each other.
        long one = locksTablesInOrder ? Math.min(page.to, page.from) : page.to;
        long other = one == page.to ? page.from : page.to;
        PteTable first = mm.ptes().lock(page.task, one);
        PteTable second = first == null || first.maps(other) ? first : mm.ptes().lock(page.task, other);
        if (second == null) {
            unlock(page.task, first, null);
            return -Errno.EAGAIN;
        }
        page.toTable = page.to == one ? first : second;
        page.fromTable = page.to == one ? second : first;
        PteTable from = Objects.requireNonNull(page.fromTable);
        PteTable to = Objects.requireNonNull(page.toTable);
        if (from.get(page.fromIndex()) != entry || to.get(page.toIndex()) != Pte.NONE) {
            unlockTables(page);
            return -Errno.EAGAIN;
        }
        return 0;
    }

    private static void unlockTables(Page page) {
        unlock(page.task, page.toTable, page.fromTable);
    }

    private static void unlock(Task task, @Nullable PteTable one, @Nullable PteTable other) {
        if (one != null) {
            one.lock().unlock(task);
        }
        if (other != null && other != one) {
            other.lock().unlock(task);
        }
    }

    private void letGo(Page page) {
        if (page.anonVma != null) {
            page.anonVma.rwsem().upWrite(page.task);
        }
        if (page.frame != FolioTable.NO_FRAME) {
            if (locksFolio) {
                memory.folioLocks().unlock(page.task, page.frame);
            }
            memory.batches().put(page.frame);
        }
    }
}
