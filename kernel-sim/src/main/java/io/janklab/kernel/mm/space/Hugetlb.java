package io.janklab.kernel.mm.space;

import io.janklab.kernel.lock.Locking;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.HugetlbPool;
import io.janklab.kernel.trace.LockClass;
import org.jspecify.annotations.Nullable;

/// Memory made of huge pages that are set aside for it (Linux `mm/hugetlb.c`, `fs/hugetlbfs`): its pool, its files, and the mutexes of its
/// faults.
public final class Hugetlb {
    private static final int MUTEXES_PER_CPU = 8;

    private final Locking locking;
    private final HugetlbPool pool;
    /// Each is made with the first fault that needs it.
    private final @Nullable RwSemaphore[] faultMutexes;

    Hugetlb(Locking locking, HugetlbPool pool, int cpus) {
        this.locking = locking;
        this.pool = pool;
        this.faultMutexes = new RwSemaphore[Integer.highestOneBit(MUTEXES_PER_CPU * cpus * 2 - 1)];
    }

    /// `vm.nr_hugepages` and what has become of it.
    public HugetlbPool pool() {
        return pool;
    }

    /// The pages reserved for a new mapping by the address space `owner`: all of it, unless the flags say NORESERVE
    /// (`hugetlb_reserve_pages`). There are pages of 2 MiB alone.
    ///
    /// @param shift the binary logarithm of its page size
    /// @return null if not so many pages can be reserved
    public @Nullable HugetlbReservations reserve(Object owner, int flags, int shift, long pgoff, long length) {
        boolean shared = VmFlags.any(flags, VmFlags.VM_MAYSHARE);
        boolean reserves = !VmFlags.any(flags, VmFlags.VM_NORESERVE);
        long pages = pgoff + (length >>> Addresses.PAGE_SHIFT);
        if (shared && pages > Integer.MAX_VALUE || reserves && (shift != Addresses.PMD_SHIFT || !pool.reserve(length >>> shift))) {
            return null;
        }
        HugetlbReservations reservations = new HugetlbReservations(pool, shared ? null : owner, shift);
        if (reserves) {
            reservations.open(pgoff, length);
        }
        return reservations;
    }

    /// How many pages the file of such a mapping has: pages of private memory are never its file's.
    public static int filePages(int flags, long pgoff, long length) {
        return VmFlags.any(flags, VmFlags.VM_MAYSHARE) ? (int) (pgoff + (length >>> Addresses.PAGE_SHIFT)) : 0;
    }

    /// Lets one fault at a time at a page of a file (`hugetlb_fault_mutex_table`).
    public RwSemaphore faultMutex(long inode, long index) {
        int hash = (int) (inode * 31L + (index >>> Addresses.PMD_SHIFT - Addresses.PAGE_SHIFT)) & faultMutexes.length - 1;
        RwSemaphore mutex = faultMutexes[hash];
        if (mutex == null) {
            mutex = new RwSemaphore(locking, LockClass.MUTEX, "hugetlb_fault_mutex " + hash);
            faultMutexes[hash] = mutex;
        }
        return mutex;
    }

    /// A page for the page offset `index` of a file, zeroed by the caller: the one reserved, if `mm` has one, or one that nobody has.
    ///
    /// @return [FolioTable#NO_FRAME] if there is none
    public int allocate(Object mm, HugetlbReservations reservations, long index) {
        if (reservations.shift() != Addresses.PMD_SHIFT) {
            return FolioTable.NO_FRAME;
        }
        boolean reserved = reservations.has(mm, index);
        int frame = pool.take(reserved);
        if (reserved && frame != FolioTable.NO_FRAME) {
            reservations.use(index);
        }
        return frame;
    }
}
