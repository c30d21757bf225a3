package io.janklab.kernel.mm.huge;

import io.janklab.kernel.uapi.Errno;

/// The result of an attempt to collapse 2 MiB, and the errno that MADV_COLLAPSE returns for it (Linux `enum scan_result`,
/// `madvise_collapse_errno`).
enum ScanResult {
    SUCCEED(0),
    /// There is a huge mapping already, which is as good.
    PMD_MAPPED(0),
    /// The file's page is huge, and not yet mapped so.
    PTE_MAPPED_HUGEPAGE(-Errno.EINVAL),
    /// No directory of page tables: nothing was ever mapped anywhere near.
    PMD_NULL(-Errno.EINVAL),
    /// No table.
    PMD_NONE(-Errno.EINVAL),
    /// The VMA is gone, too small, of the wrong kind, or has no anon_vma.
    VMA_CHECK(-Errno.EINVAL),
    /// A page cannot be read from swap: there is no memory, or it is a marker.
    FAIL(-Errno.EINVAL),
    /// An entry that is neither a page nor empty.
    PTE_NON_PRESENT(-Errno.EINVAL),
    /// Nothing but empty entries and zero pages, or one of these where a userfaultfd fills them.
    EXCEED_NONE_PTE(-Errno.EBUSY),
    /// What a userfaultfd write-protects is not mapped huge.
    PTE_UFFD_WP(-Errno.EINVAL),
    /// The page has left the file meanwhile, or is no huge one.
    PAGE_NULL(-Errno.EINVAL),
    PAGE_COMPOUND(-Errno.EINVAL),
    /// The file's VMA has an anon_vma, and perhaps pages of its own (before 6.6).
    PAGE_ANON(-Errno.EINVAL),
    /// More pages in swap than khugepaged reads back.
    EXCEED_SWAP_PTE(-Errno.EINVAL),
    /// A page shared with another process.
    EXCEED_SHARED_PTE(-Errno.EINVAL),
    /// None of the pages may be written to (up to 6.17).
    PAGE_RO(-Errno.EINVAL),
    /// None of the pages was used recently.
    LACK_REFERENCED_PAGE(-Errno.EINVAL),
    /// A page is locked, or isolated from its LRU list, or has another reference.
    PAGE_LOCK(-Errno.EAGAIN),
    PAGE_LRU(-Errno.EAGAIN),
    PAGE_COUNT(-Errno.EAGAIN),
    ALLOC_HUGE_PAGE_FAIL(-Errno.ENOMEM);

    private final int error;

    ScanResult(int error) {
        this.error = error;
    }

    /// Whether MADV_COLLAPSE continues with the next 2 MiB nevertheless.
    boolean mayGoOn() {
        return switch (this) {
            case SUCCEED, PMD_MAPPED, PTE_MAPPED_HUGEPAGE, PMD_NULL, PTE_NON_PRESENT, PTE_UFFD_WP, PAGE_RO, LACK_REFERENCED_PAGE,
                    PAGE_NULL, PAGE_COMPOUND, PAGE_LOCK, PAGE_LRU, PAGE_COUNT -> true;
            case FAIL, PMD_NONE, VMA_CHECK, PAGE_ANON, EXCEED_NONE_PTE, EXCEED_SWAP_PTE, EXCEED_SHARED_PTE, ALLOC_HUGE_PAGE_FAIL -> false;
        };
    }

    /// −errno of MADV_COLLAPSE; 0 if the 2 MiB are huge now.
    int error() {
        return error;
    }
}
