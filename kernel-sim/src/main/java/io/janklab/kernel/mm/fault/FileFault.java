package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.FaultFlags;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageCache;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Faults on mapped files (Linux `do_read_fault`, `do_cow_fault`, `do_shared_fault`, `filemap_fault`, `filemap_map_pages`).
///
/// A fault that has to read a page, or wait until it is read, releases the lock first and asks for a retry.
final class FileFault {
    /// `fault_around_bytes`.
    static final long FAULT_AROUND_BYTES = 64 << 10;
    /// `exec_folio_order` of arm64: 64 KiB, which it can map with one TLB entry; other architectures have no wish.
    private static final int ARM64_EXEC_PAGES = 16;

    private final MemoryManager memory;
    private final FolioTable folios;
    private final PageTableAllocator tables;
    private final AnonVmaPrepare anonVmaPrepare;
    private final AnonymousFault anonymousFault;
    private final boolean vmaLockMapsOnly;
    private final boolean readsExecutableOnwards;
    private final int execPages;

    FileFault(MemoryManager memory, PageTableAllocator tables, AnonVmaPrepare anonVmaPrepare, AnonymousFault anonymousFault) {
        this.memory = memory;
        this.folios = memory.folios();
        this.tables = tables;
        this.anonVmaPrepare = anonVmaPrepare;
        this.anonymousFault = anonymousFault;
        this.vmaLockMapsOnly = memory.profile().is(Switch.FAULT_FILE_VMA_LOCK, SwitchValue.MAP_PAGES);
        this.readsExecutableOnwards = memory.profile().is(Switch.FAULT_EXEC_READAHEAD, SwitchValue.ONWARDS);
        this.execPages = memory.architecture() == Architecture.ARM64 ? ARM64_EXEC_PAGES : 1;
    }

    /// `do_fault`: nothing is mapped there yet.
    FaultOutcome missing(VmFault fault) {
        Vma vma = fault.vma();
        if (vma.index(fault.address()) >= Objects.requireNonNull(vma.file()).pages()) {
            return beyondEndOfFile(fault);
        }
        if (fault.isWrite() && mustAskUnderMmapLock(fault)) {
            fault.releaseLock();
            return FaultOutcome.RETRY;
        }
        boolean mapsAround = !fault.isWrite() && !vma.is(VmFlags.VM_UFFD_WP | VmFlags.VM_UFFD_MINOR) && mapsAround(vma, fault.address());
        if (vma.is(VmFlags.VM_UFFD_FLAGS) && !(mapsAround && hasAnyAround(vma, fault.address()))) {
            // There may be no table yet, and a fault that goes to user space needs none.
            FaultOutcome outcome = askUser(fault, memory.pageCache().get(Objects.requireNonNull(vma.file()), vma.index(fault.address())));
            if (outcome != null) {
                return outcome;
            }
        }
        if (!tables.allocate(fault)) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        if (mapsAround && mapAround(fault.task(), vma, fault.address())) {
            return FaultOutcome.FILE;
        }
        if (mustAskUnderMmapLock(fault)) {
            fault.releaseLock();
            return FaultOutcome.RETRY;
        }
        return fault.isWrite() && !vma.is(VmFlags.VM_SHARED) ? copy(fault) : find(fault, FolioTable.NO_FRAME);
    }

    /// Until 6.6 a file is not asked for a page, or whether it may be written to, under the VMA lock.
    private boolean mustAskUnderMmapLock(VmFault fault) {
        return vmaLockMapsOnly && fault.has(FaultFlags.VMA_LOCK);
    }

    /// SIGBUS; but a private write has got its anon_vma by then, and around a read the pages before the end have been mapped.
    private FaultOutcome beyondEndOfFile(VmFault fault) {
        Vma vma = fault.vma();
        if (fault.isWrite()) {
            boolean prepared = vma.is(VmFlags.VM_SHARED) || anonVmaPrepare.prepare(fault);
            return prepared ? FaultOutcome.BEYOND_END_OF_FILE : FaultOutcome.RETRY;
        }
        if (firstAround(vma, fault.address(), fault.address()) < fault.address() && mapsAround(vma, fault.address())) {
            if (!tables.allocate(fault)) {
                return FaultOutcome.OUT_OF_MEMORY;
            }
            mapAround(fault.task(), vma, fault.address());
        }
        return FaultOutcome.BEYOND_END_OF_FILE;
    }

    /// `filemap_map_pages`: around a fault nothing is mapped if there is no table yet and the first page found is the file's last. (No huge
    /// folio may reach over the file's end, and what looks for one is also what would have installed the table: 74207de2ba10, in 6.18 and
    /// in the point releases of November 2025.)
    private boolean mapsAround(Vma vma, long address) {
        VirtualFile file = Objects.requireNonNull(vma.file());
        long last = file.pages() - 1L;
        long end = Math.min((address & -FAULT_AROUND_BYTES) + FAULT_AROUND_BYTES, vma.end());
        if (file.isShmem() || vma.index(end) <= last) {
            return true;
        }
        long first = firstAround(vma, address, end);
        return first == end || vma.index(first) < last || vma.mm().pageTable().find(address) != null;
    }

    /// The first page of the window before `end` that can be mapped around a fault, or `end`.
    private long firstAround(Vma vma, long address, long end) {
        long at = Math.max(address & -FAULT_AROUND_BYTES, vma.start());
        while (at < end && !isMappable(Objects.requireNonNull(vma.file()).frame(vma.index(at)))) {
            at += Addresses.PAGE_SIZE;
        }
        return Math.min(at, end);
    }

    private boolean isMappable(int frame) {
        return frame != FolioTable.NO_FRAME && !folios.isLocked(folios.head(frame)) && !folios.has(frame, FolioTable.RECLAIM);
    }

    /// `filemap_map_pmd`: maps a huge page of the file at once, where there is no table.
    ///
    /// @return null if there is none, or it does not suit this VMA
    @Nullable FaultOutcome huge(VmFault fault) {
        Task task = fault.task();
        Vma vma = fault.vma();
        Mm mm = fault.mm();
        long base = fault.address() & -Addresses.PMD_SIZE;
        VirtualFile file = Objects.requireNonNull(vma.file());
        boolean covers = vma.start() <= base && base + Addresses.PMD_SIZE <= vma.end();
        int frame = covers ? file.frame(vma.index(base)) : FolioTable.NO_FRAME;
        if (frame == FolioTable.NO_FRAME || !folios.has(frame, FolioTable.LARGE) || folios.isLocked(frame)) {
            return null;
        }
        if (!tables.allocateDirectories(task, mm, base)) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        mm.pmdLock().lock(task);
        boolean maps = mm.pageTable().isPmdNone(base) && file.frame(vma.index(base)) == frame && !folios.isLocked(frame);
        if (maps) {
            task.charge(memory.costs(), Cost.PTE_SET);
            folios.get(frame);
            folios.incrementMapcount(frame);
            mm.pageTable().addHuge(new HugePmd(base, Pte.of(frame, vma.pteBits() | Pte.YOUNG), FolioTable.NO_FRAME));
            mm.addResident(task, RssMember.FILE, PteTable.ENTRIES);
        }
        mm.pmdLock().unlock(task);
        return maps ? FaultOutcome.FILE : FaultOutcome.SPURIOUS;
    }

    /// `do_fault_around`: maps the resident, unlocked pages in a window of 64 KiB, within the VMA and the table.
    ///
    /// @return whether that has mapped `address` itself
    private boolean mapAround(Task task, Vma vma, long address) {
        Mm mm = vma.mm();
        PteTable table = mm.ptes().lock(task, address);
        if (table == null) {
            return false;
        }
        long first = Math.max(Math.max(address & -FAULT_AROUND_BYTES, vma.start()), table.base());
        long end = Math.min(Math.min(first + FAULT_AROUND_BYTES, vma.end()), table.end());
        long page = Addresses.pageFloor(address);
        int mapped = 0;
        for (long at = first; at < end; at += Addresses.PAGE_SIZE) {
            int frame = Objects.requireNonNull(vma.file()).frame(vma.index(at));
            if (isMappable(frame) && table.get(PteTable.index(at)) == Pte.NONE) {
                task.charge(memory.costs(), Cost.FAULT_AROUND_PTE);
                map(table, at, frame, vma.pteBits() | (at == page ? Pte.YOUNG : 0));
                mapped++;
            }
        }
        if (mapped > 0) {
            mm.addResident(task, RssMember.FILE, mapped);
        }
        boolean done = table.get(PteTable.index(address)) != Pte.NONE;
        table.lock().unlock(task);
        return done;
    }

    /// `set_pte_range`.
    private void map(PteTable table, long address, int frame, long bits) {
        folios.get(frame);
        folios.incrementMapcount(frame);
        table.install(PteTable.index(address), Pte.of(frame, bits));
    }

    /// `do_cow_fault`: the copy's folio is made before the file is asked for the page.
    private FaultOutcome copy(VmFault fault) {
        if (!anonVmaPrepare.prepare(fault)) {
            return FaultOutcome.RETRY;
        }
        int copy = memory.allocate(fault.task(), 0);
        if (copy == FolioTable.NO_FRAME) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        FaultOutcome outcome = find(fault, copy);
        if (outcome != FaultOutcome.COW) {
            memory.batches().put(copy);
        }
        return outcome;
    }

    /// `filemap_fault`, `finish_fault`: finds the page's folio, reads it in if it is missing, and maps it, or its copy, under its lock.
    private FaultOutcome find(VmFault fault, int copy) {
        VirtualFile file = Objects.requireNonNull(fault.vma().file());
        long index = fault.vma().index(fault.address());
        FaultOutcome outcome = null;
        boolean added = false;
        while (outcome == null) {
            int frame = memory.pageCache().get(file, index);
            if (!added && userfault(fault, frame) != 0) {
                outcome = askUser(fault, frame);
                continue;
            }
            if (frame == FolioTable.NO_FRAME && file.isShmem()) {
                outcome = memory.pageCache().addZeroed(fault.task(), file, index) ? null : FaultOutcome.OUT_OF_MEMORY;
                added = true;
                continue;
            }
            if (frame == FolioTable.NO_FRAME) {
                memory.vmstat().count(VmStat.Item.PGMAJFAULT);
                outcome = readAround(fault, file, index);
                continue;
            }
            int folio = folios.head(frame);
            if (readsAhead(fault, frame)) {
                memory.batches().put(folio);
                return FaultOutcome.RETRY;
            }
            outcome = memory.folioLocks().trylock(fault.task(), folio) || waitsInPlace(fault, folio)
                    ? locked(fault, frame, copy)
                    : awaitUnlocked(fault, folio);
            memory.batches().put(folio);
        }
        return outcome;
    }

    /// Why shared anonymous memory's fault goes to user space (`shmem_get_folio_gfp`): its page is missing, or it is not; 0 if it does not.
    private static int userfault(VmFault fault, int frame) {
        int reason = frame == FolioTable.NO_FRAME ? VmFlags.VM_UFFD_MISSING : VmFlags.VM_UFFD_MINOR;
        return fault.vma().is(reason) ? reason : 0;
    }

    /// Drops the reference to the page's folio, if it has one; null if the fault does not go to user space.
    private @Nullable FaultOutcome askUser(VmFault fault, int frame) {
        if (frame != FolioTable.NO_FRAME) {
            memory.batches().put(folios.head(frame));
        }
        int reason = userfault(fault, frame);
        return reason == 0 ? null : Objects.requireNonNull(fault.vma().userfaultfd()).handle(fault, reason);
    }

    private boolean hasAnyAround(Vma vma, long address) {
        long end = Math.min((address & -FAULT_AROUND_BYTES) + FAULT_AROUND_BYTES, vma.end());
        return firstAround(vma, address, end) < end;
    }

    /// `pte_marker_handle_uffd_wp`: the page is mapped write-protected; where that is off meanwhile, the marker goes first.
    FaultOutcome writeProtectMarker(VmFault fault) {
        if (fault.vma().is(VmFlags.VM_UFFD_WP)) {
            return missing(fault);
        }
        PteTable table = fault.lockIfUnchanged();
        if (table != null) {
            table.clear(fault.index());
            table.lock().unlock(fault.task());
        }
        return FaultOutcome.SPURIOUS;
    }

    /// `do_async_mmap_readahead`: at a mark the fault's lock is released on the first attempt, to read on. All that follows is in memory
    /// already.
    private boolean readsAhead(VmFault fault, int frame) {
        boolean reads = folios.has(frame, FolioTable.RECLAIM) && !fault.has(FaultFlags.TRIED) && !fault.vma().is(VmFlags.VM_RAND_READ);
        if (reads) {
            folios.clear(frame, FolioTable.RECLAIM);
            fault.releaseLock();
        }
        return reads;
    }

    /// `do_sync_mmap_readahead`: a window around the page, allocated and requested without the fault's lock on the first attempt; only the
    /// page, under the lock, after MADV_RANDOM.
    ///
    /// @return null to look it up again
    private @Nullable FaultOutcome readAround(VmFault fault, VirtualFile file, long index) {
        Vma vma = fault.vma();
        if (vma.is(VmFlags.VM_RAND_READ) && !vma.is(VmFlags.VM_HUGEPAGE)) {
            return memory.pageCache().read(fault.task(), file, index, index + 1) ? null : FaultOutcome.OUT_OF_MEMORY;
        }
        Window window = window(vma, index);
        if (fault.has(FaultFlags.TRIED)) {
            return memory.pageCache().read(fault.task(), file, window.first, window.end) ? null : FaultOutcome.OUT_OF_MEMORY;
        }
        fault.releaseLock();
        memory.pageCache().read(fault.task(), file, window.first, window.end);
        int frame = memory.pageCache().get(file, index);
        if (frame != FolioTable.NO_FRAME) {
            await(fault.task(), folios.head(frame));
            memory.batches().put(folios.head(frame));
        }
        return FaultOutcome.RETRY_AFTER_IO;
    }

    /// Pages `[first, end)` of a file.
    private record Window(long first, long end) {}

    /// After MADV_HUGEPAGE the huge page, and the next one unless access is random. Otherwise 128 KiB: from the page on after
    /// MADV_SEQUENTIAL, and of executable memory, where it ends with the mapping, which may be followed by padding; or around it.
    private Window window(Vma vma, long index) {
        if (vma.is(VmFlags.VM_HUGEPAGE)) {
            long huge = index & -PteTable.ENTRIES;
            return new Window(huge, huge + (vma.is(VmFlags.VM_RAND_READ) ? PteTable.ENTRIES : 2 * PteTable.ENTRIES));
        }
        if (vma.is(VmFlags.VM_SEQ_READ)) {
            return new Window(index, index + PageCache.READAHEAD_PAGES);
        }
        if (readsExecutableOnwards && vma.is(VmFlags.VM_EXEC)) {
            long first = Math.max(index & -execPages, vma.index(vma.start()));
            return new Window(first, Math.min(first + PageCache.READAHEAD_PAGES + execPages - 1 & -execPages, vma.index(vma.end())));
        }
        long first = Math.max(0, index - PageCache.READAHEAD_PAGES / 2);
        return new Window(first, first + PageCache.READAHEAD_PAGES);
    }

    /// Waits for the folio with the fault's lock held: of shared anonymous memory at once (`shmem_get_folio_gfp`), of a file on the second
    /// attempt, when SIGKILL ends it (`lock_folio_maybe_drop_mmap`).
    ///
    /// @return whether it is locked now
    private boolean waitsInPlace(VmFault fault, int folio) {
        if (Objects.requireNonNull(fault.vma().file()).isShmem()) {
            memory.folioLocks().lock(fault.task(), folio);
            return true;
        }
        return fault.has(FaultFlags.TRIED) && memory.folioLocks().lockKillable(fault.task(), folio);
    }

    /// `lock_folio_maybe_drop_mmap`: waits for the folio without the fault's lock.
    private FaultOutcome awaitUnlocked(VmFault fault, int folio) {
        boolean io = memory.folioLocks().isUnderIo(folio);
        fault.releaseLock();
        await(fault.task(), folio);
        return io ? FaultOutcome.RETRY_AFTER_OTHERS_IO : FaultOutcome.RETRY;
    }

    /// Takes the lock only to release it, so that faults that wait for the same read proceed one after the other.
    private void await(Task task, int folio) {
        if (memory.folioLocks().lockKillable(task, folio)) {
            memory.folioLocks().unlock(task, folio);
        }
    }

    /// Under the folio's lock.
    ///
    /// @return null if the folio is no longer the page's
    private @Nullable FaultOutcome locked(VmFault fault, int frame, int copy) {
        FaultOutcome outcome = null;
        if (Objects.requireNonNull(fault.vma().file()).frame(fault.vma().index(fault.address())) == frame) {
            outcome = install(fault, frame, copy);
        }
        memory.folioLocks().unlock(fault.task(), folios.head(frame));
        return outcome;
    }

    private FaultOutcome install(VmFault fault, int frame, int copy) {
        Task task = fault.task();
        long address = fault.address();
        if (copy != FolioTable.NO_FRAME) {
            task.charge(memory.costs(), Cost.PAGE_COPY);
        }
        PteTable table = fault.lockIfUnchanged();
        if (table == null) {
            return FaultOutcome.SPURIOUS;
        }
        if (copy != FolioTable.NO_FRAME) {
            anonymousFault.add(task, fault.vma(), address, copy);
            memory.copyContents(frame, copy);
            table.install(fault.index(), Pte.of(copy, Pte.ACCESSIBLE | Pte.WRITE | Pte.YOUNG | Pte.DIRTY));
        } else {
            task.charge(memory.costs(), Cost.PTE_SET);
            long bits = fault.vma().pteBits() | Pte.YOUNG | (fault.isWrite() ? Pte.WRITE | Pte.DIRTY : 0);
            if (fault.entry() == Pte.UFFD_WP) {
                table.clear(fault.index());
                bits = bits & ~Pte.WRITE | Pte.UFFD_WP;
            }
            map(table, address, frame, bits);
            fault.mm().addResident(task, RssMember.FILE, 1);
        }
        table.lock().unlock(task);
        return copy == FolioTable.NO_FRAME ? FaultOutcome.FILE : FaultOutcome.COW;
    }

    /// `wp_page_shared`: a page of a shared mapping becomes writable, and dirty. A file system has a say in it (`page_mkwrite`), shared
    /// anonymous memory none.
    FaultOutcome writeShared(VmFault fault) {
        if (mustAskUnderMmapLock(fault) && !Objects.requireNonNull(fault.vma().file()).isShmem()) {
            fault.releaseLock();
            return FaultOutcome.RETRY;
        }
        Task task = fault.task();
        PteTable table = fault.lockIfUnchanged();
        if (table == null) {
            return FaultOutcome.SPURIOUS;
        }
        task.charge(memory.costs(), Cost.PTE_SET);
        table.update(fault.index(), fault.entry() | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
        table.lock().unlock(task);
        return FaultOutcome.REUSE;
    }
}
