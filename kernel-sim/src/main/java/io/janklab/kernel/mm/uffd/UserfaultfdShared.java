package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Fills shared anonymous memory: a page enters the page cache first, then the page table (Linux `shmem_mfill_atomic_pte`,
/// `mfill_atomic_pte_continue`). The folio is locked meanwhile.
final class UserfaultfdShared {
    private final MemoryManager memory;

    UserfaultfdShared(MemoryManager memory) {
        this.memory = memory;
    }

    /// UFFDIO_COPY and _ZEROPAGE; takes over the reference to `frame`, which has its contents.
    ///
    /// @return 0; −EFAULT beyond the end; −EEXIST if the memory has that page already, or maps one
    long fill(Task task, Vma vma, long address, int frame, boolean writeProtected) {
        VirtualFile file = Objects.requireNonNull(vma.file());
        long index = vma.index(address);
        memory.folioLocks().trylock(task, frame);
        long error = index < file.pages() ? 0 : -Errno.EFAULT;
        if (error == 0 && !memory.pageCache().addShmem(file, index, frame)) {
            error = -Errno.EEXIST;
        }
        if (error != 0) {
            memory.folioLocks().unlock(task, frame);
            memory.batches().put(frame);
            return error;
        }
        memory.folios().get(frame);
        error = install(task, vma, address, frame, writeProtected);
        if (error != 0) {
            memory.pageCache().remove(file, index, frame);
        }
        memory.folioLocks().unlock(task, frame);
        if (error != 0) {
            memory.batches().put(frame);
        }
        return error;
    }

    /// UFFDIO_CONTINUE.
    ///
    /// @return 0; −EFAULT if the memory has no such page; −EEXIST if one is mapped
    long continueWith(Task task, Vma vma, long address, boolean writeProtected) {
        VirtualFile file = Objects.requireNonNull(vma.file());
        long index = vma.index(address);
        int frame = memory.pageCache().get(file, index);
        if (frame == FolioTable.NO_FRAME) {
            return -Errno.EFAULT;
        }
        memory.folioLocks().lock(task, frame);
        long error = file.frame(index) == frame ? install(task, vma, address, frame, writeProtected) : -Errno.EFAULT;
        memory.folioLocks().unlock(task, frame);
        if (error != 0) {
            memory.batches().put(frame);
        }
        return error;
    }

    /// `mfill_atomic_install_pte`: a reference to the folio becomes the mapping's.
    private long install(Task task, Vma vma, long address, int frame, boolean writeProtected) {
        PteTable table = lockIfFree(task, vma.mm(), address);
        if (table == null) {
            return -Errno.EEXIST;
        }
        task.charge(memory.costs(), Cost.PTE_SET);
        memory.folios().incrementMapcount(frame);
        vma.mm().addResident(task, RssMember.FILE, 1);
        int index = PteTable.index(address);
        if (Pte.isMarker(table.get(index))) {
            table.clear(index);
        }
        long bits = VmFlags.pteBits(vma.flags()) | Pte.YOUNG | Pte.DIRTY;
        long write = vma.is(VmFlags.VM_WRITE) ? Pte.WRITE : 0;
        table.install(index, Pte.of(frame, bits | (writeProtected ? Pte.UFFD_WP : write)));
        table.lock().unlock(task);
        return 0;
    }

    /// The table, locked, if the entry is none or a marker (`pte_none_mostly`).
    static @Nullable PteTable lockIfFree(Task task, Mm mm, long address) {
        long entry = mm.ptes().peek(address);
        return mm.ptes().lockIfUnchanged(task, address, Pte.isMarker(entry) ? entry : Pte.NONE);
    }
}
