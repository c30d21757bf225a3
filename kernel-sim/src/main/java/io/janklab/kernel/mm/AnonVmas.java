package io.janklab.kernel.mm;

import io.janklab.kernel.lock.Locking;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.trace.LockClass;
import java.util.Arrays;

/// Every anon_vma of the machine by its id, so that a folio can name one in 28 bits.
public final class AnonVmas {
    private final Locking locking;
    private AnonVma[] byId = new AnonVma[64];
    private int[] freeIds = new int[16];
    private int freeIdCount;
    private int nextId = 1;

    AnonVmas(Locking locking) {
        this.locking = locking;
    }

    AnonVma create(String name) {
        int id = freeIdCount > 0 ? freeIds[--freeIdCount] : nextId++;
        if (id == byId.length) {
            byId = Arrays.copyOf(byId, id * 2);
        }
        byId[id] = new AnonVma(id, new RwSemaphore(locking, LockClass.ANON_VMA, name));
        return byId[id];
    }

    /// Forgets an anon_vma once no VMA uses it any more (`put_anon_vma`).
    void releaseIfUnused(AnonVma anonVma) {
        if (!anonVma.isUnused() || byId[anonVma.id()] != anonVma) {
            return;
        }
        byId[anonVma.id()] = null;
        if (freeIdCount == freeIds.length) {
            freeIds = Arrays.copyOf(freeIds, freeIdCount * 2);
        }
        freeIds[freeIdCount++] = anonVma.id();
    }

    /// The anon_vma of that id, or null.
    public AnonVma get(int id) {
        return byId[id];
    }

    public int count() {
        return nextId - 1 - freeIdCount;
    }
}
