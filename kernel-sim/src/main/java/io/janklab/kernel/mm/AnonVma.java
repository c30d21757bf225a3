package io.janklab.kernel.mm;

import io.janklab.kernel.lock.RwSemaphore;
import java.util.Map;
import java.util.TreeMap;

/// What anonymous folios point to in order to find the VMAs that may map them (Linux `struct anon_vma`).
///
/// Its VMAs are kept by page offset. Without fork and mremap two of them never cover the same offset.
public final class AnonVma {
    private final int id;
    private final RwSemaphore rwsem;
    private final TreeMap<Long, Vma> vmas = new TreeMap<>();

    AnonVma(int id, RwSemaphore rwsem) {
        this.id = id;
        this.rwsem = rwsem;
    }

    /// What folios store instead of a pointer.
    public int id() {
        return id;
    }

    /// The lock of the root anon_vma; without fork every anon_vma is its own root.
    public RwSemaphore rwsem() {
        return rwsem;
    }

    /// `anon_vma_interval_tree_insert`. Caller holds the lock for writing.
    void insert(Vma vma) {
        if (vmas.putIfAbsent(vma.pgoff(), vma) != null) {
            throw new IllegalStateException("kernel bug: two VMAs of one anon_vma at page offset " + vma.pgoff());
        }
    }

    /// `anon_vma_interval_tree_remove`; the VMA's offset must not have changed since it was inserted.
    void remove(Vma vma) {
        if (!vmas.remove(vma.pgoff(), vma)) {
            throw new IllegalStateException("kernel bug: VMA " + vma + " is not on its anon_vma");
        }
    }

    /// The VMA that may map the folio at page offset `index`, or null.
    Vma find(long index) {
        Map.Entry<Long, Vma> entry = vmas.floorEntry(index);
        return entry != null && index < entry.getValue().pgoff() + entry.getValue().pages() ? entry.getValue() : null;
    }

    boolean isUnused() {
        return vmas.isEmpty();
    }

    public int vmaCount() {
        return vmas.size();
    }

    public boolean contains(Vma vma) {
        return vmas.get(vma.pgoff()) == vma;
    }
}
