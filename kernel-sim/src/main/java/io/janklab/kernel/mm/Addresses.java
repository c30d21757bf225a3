package io.janklab.kernel.mm;

/// Arithmetic on addresses and lengths as system calls check them.
final class Addresses {
    private Addresses() {}

    static boolean isAligned(long address) {
        return (address & PageTable.PAGE_SIZE - 1) == 0;
    }

    /// Rounded up to a whole page (`PAGE_ALIGN`); 0 if that overflows.
    static long pageAlign(long length) {
        return length + PageTable.PAGE_SIZE - 1 & -PageTable.PAGE_SIZE;
    }

    static long pageFloor(long address) {
        return address & -PageTable.PAGE_SIZE;
    }
}
