package io.janklab.kernel.mm.page;

/// How addresses are divided, and arithmetic on addresses and lengths as system calls check them.
public final class Addresses {
    public static final int PAGE_SHIFT = 12;
    public static final long PAGE_SIZE = 1L << PAGE_SHIFT;
    public static final int PMD_SHIFT = 21;
    /// Addresses below one PTE table, or one huge page: 2 MiB.
    public static final long PMD_SIZE = 1L << PMD_SHIFT;
    /// Pages of a huge page (`HPAGE_PMD_NR`).
    public static final int PAGES_PER_PMD = 1 << (PMD_SHIFT - PAGE_SHIFT);
    /// One page short of 2^47.
    public static final long TASK_SIZE = (1L << 47) - PAGE_SIZE;

    private Addresses() {}

    public static boolean isAligned(long address) {
        return (address & PAGE_SIZE - 1) == 0;
    }

    /// Rounded up to a whole page (`PAGE_ALIGN`); 0 if that overflows.
    public static long pageAlign(long length) {
        return length + PAGE_SIZE - 1 & -PAGE_SIZE;
    }

    public static long pageFloor(long address) {
        return address & -PAGE_SIZE;
    }
}
