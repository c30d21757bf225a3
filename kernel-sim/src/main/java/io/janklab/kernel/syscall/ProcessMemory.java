package io.janklab.kernel.syscall;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One process's memory as its tasks see it, and as the kernel sees it when it copies for them.
public final class ProcessMemory implements UserMemory {
    private final AddressSpace space;
    private final Mm mm;
    private final PageTable pageTable;
    /// Null: SIGBUS kills.
    private @Nullable SigbusHandler sigbusHandler;

    ProcessMemory(AddressSpace space) {
        this.space = space;
        this.mm = space.mm();
        this.pageTable = mm.pageTable();
    }

    void onSigbus(SigbusHandler handler) {
        sigbusHandler = handler;
    }

    @Override
    public void read(Task task, long address, long length) {
        access(task, address, length, false);
    }

    @Override
    public void write(Task task, long address, long length) {
        access(task, address, length, true);
    }

    /// Reads the stamp of the page at `address`, on a machine that keeps contents: 0 if nothing has been stored since it was zeroed.
    public long load(Task task, long address) {
        long pte = translate(task, address, false);
        return Pte.hasFolio(pte) ? Objects.requireNonNull(mm.memory().contents()).get(Pte.frame(pte)) : 0;
    }

    /// Writes the stamp of the page at `address`, on a machine that keeps contents.
    public void store(Task task, long address, long stamp) {
        Objects.requireNonNull(mm.memory().contents()).set(Pte.frame(translate(task, address, true)), stamp);
    }

    private long translate(Task task, long address, boolean write) {
        long pte = mm.translate(task, address, write);
        while (pte == Pte.NONE) {
            fault(task, address, write);
            pte = mm.translate(task, address, write);
        }
        return pte;
    }

    private void access(Task task, long address, long length, boolean write) {
        long end = address + length;
        for (long page = address & -Addresses.PAGE_SIZE; page < end; page += Addresses.PAGE_SIZE) {
            while (!reaches(task, page, write)) {
                fault(task, Math.max(page, address), write);
            }
        }
        long dirtied = pageTable.takeDirtied();
        if (dirtied != 0) {
            task.charge(dirtied * mm.memory().costs().ns(Cost.PTE_DIRTY));
        }
    }

    /// The hardware's part, atomic even where interleavings are explored.
    private boolean reaches(Task task, long address, boolean write) {
        return mm.memory().isWatched() ? mm.translate(task, address, write) != Pte.NONE : pageTable.access(address, write);
    }

    private void fault(Task task, long address, boolean write) {
        FaultResult result = space.fault(task, address, write, true);
        task.returnToUserMode();
        if (result == FaultResult.BAD_ACCESS) {
            throw new SegmentationFault(task.name(), address, write);
        }
        if (result == FaultResult.SIGBUS) {
            sigbus(task, address);
        }
        if (result == FaultResult.OUT_OF_MEMORY) {
            throw new OutOfMemoryKill(task.name(), address);
        }
    }

    private void sigbus(Task task, long address) {
        if (sigbusHandler == null) {
            throw new BusError(task.name(), address);
        }
        task.charge(mm.memory().costs().ns(Cost.SIGNAL));
        sigbusHandler.handle(task, address);
    }

    /// `copy_to_user` or `copy_from_user`: page by page, taking kernel-mode faults.
    ///
    /// @return bytes copied, or −EFAULT if not even the first page could be reached
    long copy(Task task, long address, long length, boolean toUser) {
        long perPage = mm.memory().costs().ns(Cost.COPY_USER_PAGE);
        long at = address;
        long end = address + length;
        while (at < end) {
            if (!reach(task, at, toUser)) {
                return at == address ? -Errno.EFAULT : at - address;
            }
            long stop = Math.min(end, (at & -Addresses.PAGE_SIZE) + Addresses.PAGE_SIZE);
            task.charge((stop - at) * perPage / Addresses.PAGE_SIZE);
            at = stop;
        }
        return length;
    }

    private boolean reach(Task task, long address, boolean write) {
        while (!reaches(task, address, write)) {
            if (space.fault(task, address, write, false) != FaultResult.HANDLED) {
                return false;
            }
        }
        return true;
    }
}
