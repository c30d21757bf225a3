package io.janklab.kernel.mm.table;

import io.janklab.kernel.cpu.KernelRuleBroken;

/// A page table was touched after the grace period that followed its removal: its walker held neither `rcu_read_lock` nor a lock that
/// keeps the table in place.
public final class PageTableUseAfterFree extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    PageTableUseAfterFree(long base) {
        super("kernel bug: page table of 0x" + Long.toHexString(base) + " used after it was freed");
    }
}
