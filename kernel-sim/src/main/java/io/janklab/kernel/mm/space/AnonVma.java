package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.RwSemaphore;
import java.util.function.Consumer;

/// Anonymous folios point to it to find the VMAs that may map them (Linux `struct anon_vma`).
///
/// A forked child's VMA is on its parent's anon_vmas and on one of its own; the whole family is under one lock, the root's.
public final class AnonVma {
    private final int id;
    private final AnonVma root;
    private final AnonVma parent;
    /// The root's.
    private final RwSemaphore lock;
    private final PageIntervalTree<Vma> vmas = new PageIntervalTree<>();
    private final Interleaving interleaving;
    /// Anon_vmas whose parent this is; a root is its own child.
    private int children;
    /// Pages have been moved from it by UFFDIO_MOVE (`uffd.move.rmap=marked`); only the root's counts.
    private boolean marked;
    /// VMAs that attach new folios to this one.
    private int activeVmas;

    /// A root.
    AnonVma(int id, RwSemaphore lock, Interleaving interleaving) {
        this.id = id;
        this.interleaving = interleaving;
        this.root = this;
        this.parent = this;
        this.lock = lock;
        this.children = 1;
    }

    /// A forked child's.
    AnonVma(int id, AnonVma parent) {
        this.id = id;
        this.interleaving = parent.interleaving;
        this.root = parent.root;
        this.parent = parent;
        this.lock = parent.lock;
        parent.children++;
    }

    /// The number that folios store instead of a pointer.
    public int id() {
        return id;
    }

    public AnonVma root() {
        return root;
    }

    /// The lock of the root, which the whole fork family shares.
    public RwSemaphore rwsem() {
        return lock;
    }

    /// `anon_vma_interval_tree_insert`. Caller holds the lock for writing.
    void insert(Vma vma) {
        Interleaving.write(interleaving, Shared.ANON_VMA, id, this);
        vmas.insert(vma);
    }

    /// `anon_vma_interval_tree_remove`; the VMA's bounds must not have changed since it was inserted.
    void remove(Vma vma) {
        Interleaving.write(interleaving, Shared.ANON_VMA, id, this);
        if (!vmas.remove(vma)) {
            throw new KernelRuleBroken("kernel bug: VMA " + vma + " is not on its anon_vma");
        }
    }

    /// Every VMA that may map the folio at page offset `index`. Caller holds the lock.
    public void forEach(long index, Consumer<Vma> visitor) {
        Interleaving.read(interleaving, Shared.ANON_VMA, id, this);
        vmas.forEach(index, visitor);
    }

    /// Whether pages may be moved from it under their own locks alone.
    public boolean isMarked() {
        Interleaving.read(interleaving, Shared.ANON_VMA, root.id, this);
        return root.marked;
    }

    /// From now on they may be. The caller holds the lock for writing, so that every walk under way sees it.
    public void mark() {
        Interleaving.write(interleaving, Shared.ANON_VMA, root.id, this);
        root.marked = true;
    }

    void activate() {
        activeVmas++;
    }

    void deactivate() {
        activeVmas--;
    }

    /// Whether a new child may take it over instead of adding one more: no VMA attaches folios to it, and it has at most one child.
    boolean isReusable() {
        return activeVmas == 0 && children < 2;
    }

    boolean isUnused() {
        return vmas.size() == 0;
    }

    void leaveParent() {
        parent.children--;
    }

    public boolean contains(Vma vma) {
        return vmas.contains(vma);
    }
}
