package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.Locking;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.trace.LockClass;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Every anon_vma of the machine by its id, so that a folio can name one in 20 bits, and how VMAs are linked to them (Linux `mm/rmap.c`).
public final class AnonVmas {
    private final Locking locking;
    private AnonVma[] byId = new AnonVma[64];
    private int[] freeIds = new int[16];
    private int freeIdCount;
    private int nextId = 1;

    AnonVmas(Locking locking) {
        this.locking = locking;
    }

    /// A root anon_vma (`anon_vma_alloc`).
    AnonVma create(String name) {
        int id = newId();
        byId[id] = new AnonVma(id, new RwSemaphore(locking, LockClass.ANON_VMA, name), locking.interleaving());
        return byId[id];
    }

    private AnonVma createChild(AnonVma parent) {
        int id = newId();
        byId[id] = new AnonVma(id, parent);
        return byId[id];
    }

    private int newId() {
        Interleaving.note(locking.interleaving(), Shared.ANON_VMA, 0, true);
        int id = freeIdCount > 0 ? freeIds[--freeIdCount] : nextId++;
        if (id == byId.length) {
            byId = Arrays.copyOf(byId, id * 2);
        }
        return id;
    }

    /// Makes `anonVma`, whose lock the caller holds for writing, the only one of a VMA that has none (`__anon_vma_prepare`).
    void attach(Vma vma, AnonVma anonVma) {
        vma.setAnonVma(anonVma);
        anonVma.activate();
        anonVma.insert(vma);
    }

    /// Puts a VMA just made by fork on all its parent's anon_vmas, and on one of its own for the folios it will get (`anon_vma_fork`).
    /// Inserted into its trees, it must have its bounds.
    public void fork(Task task, Vma child, Vma parent) {
        if (parent.anonVma() == null) {
            return;
        }
        RwSemaphore lock = parent.anonVma().rwsem();
        lock.downWrite(task);
        AnonVma own = reusable(parent);
        if (own == null) {
            own = createChild(parent.anonVma());
            child.setAnonVmas(own, append(parent.anonVmaChain(), own));
        } else {
            child.setAnonVmas(own, parent.anonVmaChain());
        }
        own.activate();
        insert(child);
        lock.upWrite(task);
    }

    /// An ancestor's anon_vma that a new child may take over, or null (`anon_vma_clone`).
    private static @Nullable AnonVma reusable(Vma parent) {
        for (AnonVma candidate : parent.anonVmaChain()) {
            if (candidate.isReusable()) {
                return candidate;
            }
        }
        return null;
    }

    private static AnonVma[] append(AnonVma[] chain, AnonVma last) {
        AnonVma[] longer = Arrays.copyOf(chain, chain.length + 1);
        longer[chain.length] = last;
        return longer;
    }

    /// Puts `copy`, which has its bounds, on the anon_vmas of the VMA it is a copy of (`anon_vma_clone`).
    public void copy(Task task, Vma copy, Vma vma) {
        if (vma.anonVma() == null) {
            return;
        }
        RwSemaphore lock = vma.anonVma().rwsem();
        lock.downWrite(task);
        copyChain(copy, vma);
        insert(copy);
        lock.upWrite(task);
    }

    /// Gives `copy`, which has none, the anon_vmas of `vma` without entering it into their trees (`anon_vma_clone`).
    public void copyChain(Vma copy, Vma vma) {
        if (vma.anonVma() != null) {
            copy.setAnonVmas(vma.anonVma(), vma.anonVmaChain());
            vma.anonVma().activate();
        }
    }

    /// Enters a VMA into the trees of all its anon_vmas; the caller holds their lock for writing.
    public void insert(Vma vma) {
        for (AnonVma anonVma : vma.anonVmaChain()) {
            anonVma.insert(vma);
        }
    }

    /// Removes a VMA from the trees of all its anon_vmas, whose lock the caller holds for writing; it stays linked to them.
    public void remove(Vma vma) {
        for (AnonVma anonVma : vma.anonVmaChain()) {
            anonVma.remove(vma);
        }
    }

    /// `unlink_anon_vmas`: the VMA maps nothing any more.
    public void unlink(Task task, Vma vma) {
        if (vma.anonVma() == null) {
            return;
        }
        RwSemaphore lock = vma.anonVma().rwsem();
        lock.downWrite(task);
        remove(vma);
        forget(vma);
        lock.upWrite(task);
    }

    /// Removes the links of a VMA that is in no tree any more.
    public void forget(Vma vma) {
        if (vma.anonVma() == null) {
            return;
        }
        AnonVma[] chain = vma.anonVmaChain();
        vma.anonVma().deactivate();
        vma.setAnonVmas(null, null);
        for (AnonVma anonVma : chain) {
            releaseIfUnused(anonVma);
        }
    }

    /// Forgets an anon_vma once no VMA uses it any more (`put_anon_vma`).
    void releaseIfUnused(AnonVma anonVma) {
        if (!anonVma.isUnused() || byId[anonVma.id()] != anonVma) {
            return;
        }
        Interleaving.note(locking.interleaving(), Shared.ANON_VMA, 0, true);
        anonVma.leaveParent();
        byId[anonVma.id()] = null;
        if (freeIdCount == freeIds.length) {
            freeIds = Arrays.copyOf(freeIds, freeIdCount * 2);
        }
        freeIds[freeIdCount++] = anonVma.id();
    }

    /// The anon_vma of that id, or null.
    public AnonVma get(int id) {
        Interleaving.note(locking.interleaving(), Shared.ANON_VMA, 0, false);
        return byId[id];
    }

    public int count() {
        return nextId - 1 - freeIdCount;
    }
}
