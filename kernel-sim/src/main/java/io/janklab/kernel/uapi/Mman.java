package io.janklab.kernel.uapi;

/// Bits of `mmap` and `mprotect`, and advice of `madvise` (Linux `include/uapi/asm-generic/mman*.h`).
public final class Mman {
    public static final int PROT_NONE = 0x0;
    public static final int PROT_READ = 0x1;
    public static final int PROT_WRITE = 0x2;
    public static final int PROT_EXEC = 0x4;
    /// Accepted by mprotect, and without effect on x86 and arm64.
    public static final int PROT_SEM = 0x8;
    /// mprotect only: from the start of a VMA that grows downwards, or to the end of one that grows upwards (neither arm64 nor x86 has
    /// those).
    public static final int PROT_GROWSDOWN = 0x0100_0000;
    public static final int PROT_GROWSUP = 0x0200_0000;
    public static final int PROT_RW = PROT_READ | PROT_WRITE;

    public static final int MAP_SHARED = 0x01;
    /// As MAP_SHARED, of a file; flags that it does not know are refused.
    public static final int MAP_SHARED_VALIDATE = 0x03;
    public static final int MAP_PRIVATE = 0x02;
    /// Private anonymous memory whose pages may be dropped when memory runs short, written to or not.
    public static final int MAP_DROPPABLE = 0x08;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_GROWSDOWN = 0x100;
    public static final int MAP_LOCKED = 0x2000;
    public static final int MAP_NORESERVE = 0x4000;
    public static final int MAP_POPULATE = 0x8000;
    public static final int MAP_HUGETLB = 0x40000;
    /// From here on MAP_HUGETLB has the binary logarithm of the page size, 0 for the default.
    public static final int MAP_HUGE_SHIFT = 26;
    public static final int MAP_FIXED_NOREPLACE = 0x100000;

    /// Of `mlock2`: pages are locked as they are faulted in.
    public static final int MLOCK_ONFAULT = 1;
    public static final int MCL_CURRENT = 1;
    public static final int MCL_FUTURE = 2;
    public static final int MCL_ONFAULT = 4;

    public static final int MREMAP_MAYMOVE = 1;
    public static final int MREMAP_FIXED = 2;
    public static final int MREMAP_DONTUNMAP = 4;

    public static final int MADV_NORMAL = 0;
    public static final int MADV_RANDOM = 1;
    public static final int MADV_SEQUENTIAL = 2;
    public static final int MADV_WILLNEED = 3;
    public static final int MADV_DONTNEED = 4;
    public static final int MADV_FREE = 8;
    public static final int MADV_REMOVE = 9;
    public static final int MADV_DONTFORK = 10;
    public static final int MADV_DOFORK = 11;
    public static final int MADV_MERGEABLE = 12;
    public static final int MADV_UNMERGEABLE = 13;
    public static final int MADV_HUGEPAGE = 14;
    public static final int MADV_NOHUGEPAGE = 15;
    public static final int MADV_DONTDUMP = 16;
    public static final int MADV_DODUMP = 17;
    public static final int MADV_WIPEONFORK = 18;
    public static final int MADV_KEEPONFORK = 19;
    public static final int MADV_COLD = 20;
    public static final int MADV_PAGEOUT = 21;
    public static final int MADV_POPULATE_READ = 22;
    public static final int MADV_POPULATE_WRITE = 23;
    public static final int MADV_DONTNEED_LOCKED = 24;
    public static final int MADV_COLLAPSE = 25;
    public static final int MADV_HWPOISON = 100;
    public static final int MADV_SOFT_OFFLINE = 101;
    public static final int MADV_GUARD_INSTALL = 102;
    public static final int MADV_GUARD_REMOVE = 103;

    private Mman() {}
}
