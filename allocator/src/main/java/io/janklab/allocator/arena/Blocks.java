package io.janklab.allocator.arena;

import io.janklab.allocator.HeapMisuse;

/// Which blocks the program holds. jemalloc trusts its callers; here every address that is freed is checked first.
final class Blocks {
    private final Emap emap;

    Blocks(Emap emap) {
        this.emap = emap;
    }

    /// The program gets a block.
    void handOut(long block) {
        Edata extent = emap.at(block);
        if (extent.isSlab()) {
            extent.flipLive(extent.bin().regionAt(block - extent.base()));
        } else {
            extent.setHeld(true);
        }
    }

    /// The program has freed a block it held.
    void takeIn(Edata extent, long block) {
        if (extent.isSlab()) {
            extent.flipLive(extent.bin().regionAt(block - extent.base()));
        } else {
            extent.setHeld(false);
        }
    }

    /// The extent of a block the program holds.
    ///
    /// @throws HeapMisuse if `address` is none
    Edata held(long address) {
        Edata extent = emap.lookup(address);
        if (extent == null) {
            throw HeapMisuse.foreignPointer(address);
        }
        if (extent.state() != ExtentState.ACTIVE || !(extent.isSlab() ? isHeldRegion(extent, address) : isHeldLarge(extent, address))) {
            throw HeapMisuse.doubleFree(address);
        }
        return extent;
    }

    private static boolean isHeldRegion(Edata slab, long address) {
        long offset = address - slab.base();
        int region = slab.bin().regionAt(offset);
        if (region < 0) {
            throw HeapMisuse.interiorPointer(address, address - offset % slab.bin().regionSize());
        }
        return slab.isLive(region);
    }

    private static boolean isHeldLarge(Edata extent, long address) {
        if (address != extent.address()) {
            throw HeapMisuse.interiorPointer(address, extent.address());
        }
        return extent.isHeld();
    }
}
