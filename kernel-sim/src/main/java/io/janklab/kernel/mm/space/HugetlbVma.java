package io.janklab.kernel.mm.space;

import io.janklab.kernel.lock.Locking;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.trace.LockClass;

/// What a VMA of hugetlb memory has beside other VMAs (Linux `vm_private_data`).
public final class HugetlbVma {
    private final RwSemaphore lock;
    private boolean reservationUnmapped;

    HugetlbVma(Locking locking, String name) {
        lock = new RwSemaphore(locking, LockClass.HUGETLB_VMA, name);
    }

    /// `hugetlb_vma_lock`: held for reading by faults and walks, for writing by those who take page tables or pages away.
    public RwSemaphore lock() {
        return lock;
    }

    /// The process it was forked from has taken a page back for want of another: faults on missing pages are fatal from then on
    /// (`HPAGE_RESV_UNMAPPED`).
    public void unmapReservation() {
        reservationUnmapped = true;
    }

    public boolean isReservationUnmapped() {
        return reservationUnmapped;
    }
}
