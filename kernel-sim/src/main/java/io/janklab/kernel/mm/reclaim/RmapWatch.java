package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.AnonVmas;
import io.janklab.kernel.mm.space.MemoryManager;
import org.jspecify.annotations.Nullable;

/// Checks that a reverse-map walk has found all it should, on watched machines.
///
/// The folio must not have gone to another anon_vma or offset meanwhile, and no entry that maps it may have been missed.
final class RmapWatch {
    private final FolioTable folios;
    private final AnonVmas anonVmas;
    private final int frame;
    private final @Nullable AnonVma root;
    private final long index;
    private final int mapcount;
    private int found;

    RmapWatch(MemoryManager memory, int frame) {
        this.folios = memory.folios();
        this.anonVmas = memory.anonVmas();
        this.frame = frame;
        this.root = root();
        this.index = folios.index(frame);
        this.mapcount = folios.mapcount(frame);
    }

    private @Nullable AnonVma root() {
        AnonVma anonVma = anonVmas.get(folios.anonVmaId(frame));
        return anonVma == null ? null : anonVma.root();
    }

    void found() {
        found++;
    }

    /// @throws KernelRuleBroken if the walk went astray
    void check() {
        if (root() != root || folios.index(frame) != index) {
            throw new KernelRuleBroken("a reverse-map walk of frame " + frame + " went astray: the folio was moved meanwhile");
        }
        int mappedAllTheWhile = Math.min(mapcount, folios.mapcount(frame));
        if (found < mappedAllTheWhile) {
            throw new KernelRuleBroken("a reverse-map walk of frame " + frame + " found " + found + " of " + mappedAllTheWhile
                    + " mappings");
        }
    }
}
