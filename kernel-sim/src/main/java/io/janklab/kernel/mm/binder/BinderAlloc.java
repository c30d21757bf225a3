package io.janklab.kernel.mm.binder;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// The transactions that one process receives, in its mapping of `/dev/binder` (Linux `drivers/android/binder_alloc.c`).
///
/// The sender of a transaction installs the pages of the receiver's mapping that it needs and that are not there yet, and so waits for the
/// receiver's locks ([Switch#BINDER_INSTALL_LOCK]). Pages stay: Binder's shrinker is not modelled.
public final class BinderAlloc {
    private final Mm mm;
    private final MemoryManager memory;
    private final VirtualFile pages;
    private final long start;
    private final BufferSpace space;
    private final PageTableAllocator tables;

    /// @param pages the driver's own, in `mm` from `start` on
    public BinderAlloc(Mm mm, VirtualFile pages, long start) {
        this.mm = mm;
        this.memory = mm.memory();
        this.pages = pages;
        this.start = start;
        this.space = new BufferSpace(start, (long) pages.pages() << Addresses.PAGE_SHIFT);
        this.tables = new PageTableAllocator(memory);
    }

    /// A transaction of `bytes` bytes arrives, sent by `sender`, which copies it (`binder_alloc_new_buf`,
    /// `binder_alloc_copy_user_to_buffer`).
    ///
    /// @return its address in the receiver, or −ENOSPC (no room), −ENOMEM, −ESRCH (the receiver has exited or unmapped it)
    public long receive(Task sender, long bytes) {
        long size = BufferSpace.sizeOf(bytes);
        sender.settle();
        Long address = space.take(size);
        if (address == null) {
            return -Errno.ENOSPC;
        }
        long error = install(sender, Addresses.pageFloor(address), address + size);
        if (error != 0) {
            space.giveBack(address);
            return error;
        }
        sender.charge(bytes * memory.costs().ns(Cost.COPY_USER_PAGE) / Addresses.PAGE_SIZE);
        sender.settle();
        return address;
    }

    /// The receiver has read the transaction (`BC_FREE_BUFFER`).
    ///
    /// @return 0, or −EINVAL if there is none at `address`
    public long free(Task task, long address) {
        task.settle();
        return space.giveBack(address) ? 0 : -Errno.EINVAL;
    }

    /// `binder_update_page_range`, since 6.8 `binder_install_buffer_pages`: the one place that knows which lock.
    private long install(Task sender, long from, long end) {
        if (memory.profile().is(Switch.BINDER_INSTALL_LOCK, SwitchValue.MMAP_RANGE)) {
            return underOneMmapLock(sender, from, end);
        }
        boolean byVma = memory.profile().is(Switch.BINDER_INSTALL_LOCK, SwitchValue.VMA);
        long error = 0;
        for (long at = from; at < end && error == 0; at += Addresses.PAGE_SIZE) {
            if (isMissing(at)) {
                error = byVma ? underVmaLock(sender, at) : underOneMmapLock(sender, at, at + Addresses.PAGE_SIZE);
            }
        }
        return error;
    }

    private boolean isMissing(long address) {
        return pages.frame(index(address)) == FolioTable.NO_FRAME;
    }

    private long index(long address) {
        return address - start >>> Addresses.PAGE_SHIFT;
    }

    /// For writing, since senders may race; memory is allocated inside.
    private long underOneMmapLock(Task sender, long from, long end) {
        long first = from;
        while (first < end && !isMissing(first)) {
            first += Addresses.PAGE_SIZE;
        }
        if (first >= end) {
            return 0;
        }
        if (!mm.tryGet()) {
            return -Errno.ESRCH;
        }
        mm.writeLock(sender);
        Vma vma = mapping(mm.vmas().lookup(first));
        long error = vma == null ? -Errno.ESRCH : 0;
        for (long at = first; at < end && error == 0 && vma != null; at += Addresses.PAGE_SIZE) {
            if (isMissing(at)) {
                error = insert(sender, vma, at, memory.allocateZeroed(sender));
            }
        }
        mm.writeUnlock(sender);
        mm.put(sender);
        return error;
    }

    /// `binder_page_insert` (6.14): the page is made before any lock is taken; mmap_lock for reading if the VMA lock cannot be had.
    private long underVmaLock(Task sender, long address) {
        if (!mm.tryGet()) {
            return -Errno.ESRCH;
        }
        int frame = memory.allocateZeroed(sender);
        Vma locked = frame == FolioTable.NO_FRAME ? null : mm.lockVmaUnderRcu(sender, address);
        long error;
        if (locked != null) {
            error = insert(sender, mapping(locked), address, frame);
            mm.endRead(sender, locked);
        } else {
            mm.mmapLock().downRead(sender);
            error = insert(sender, mapping(mm.vmas().lookup(address)), address, frame);
            mm.mmapLock().upRead(sender);
        }
        mm.put(sender);
        return error;
    }

    /// The VMA, if it is still Binder's.
    private @Nullable Vma mapping(@Nullable Vma vma) {
        return vma != null && vma.file() == pages ? vma : null;
    }

    /// `vm_insert_page`; `frame` is given back if the page is there already.
    private long insert(Task sender, @Nullable Vma vma, long address, int frame) {
        if (frame == FolioTable.NO_FRAME) {
            return -Errno.ENOMEM;
        }
        PteTable table = vma == null ? null : table(sender, address);
        if (vma == null || table == null) {
            memory.batches().put(frame);
            return vma == null ? -Errno.ESRCH : -Errno.ENOMEM;
        }
        boolean missing = table.get(PteTable.index(address)) == Pte.NONE;
        if (missing) {
            sender.charge(memory.costs(), Cost.PTE_SET);
            pages.setFrame(index(address), frame);
            memory.folios().get(frame);
            memory.folios().incrementMapcount(frame);
            table.install(PteTable.index(address), Pte.of(frame, vma.pteBits()));
            mm.addResident(sender, RssMember.FILE, 1);
        } else {
            memory.batches().put(frame);
        }
        table.lock().unlock(sender);
        return 0;
    }

    private @Nullable PteTable table(Task sender, long address) {
        return tables.allocate(sender, mm, address) ? mm.ptes().lock(sender, address) : null;
    }
}
