package io.janklab.kernel.trace;

/// The kind of a page fault.
public enum FaultKind {
    /// First write to anonymous memory: a fresh zeroed folio.
    ANONYMOUS,
    /// First read of anonymous memory: the shared zero page.
    ZERO_PAGE,
    /// Write to a write-protected page that had to be copied.
    COW,
    /// Write to a write-protected page that could be reused in place.
    REUSE,
    /// Read back from swap.
    SWAP_IN,
    /// From a file.
    FILE,
    /// Another task had mapped the page meanwhile, or only an access or dirty bit was missing.
    SPURIOUS,
    /// No mapping, or no right: SIGSEGV (user mode) or −EFAULT (kernel mode).
    BAD_ACCESS,
    /// Left to user space by userfaultfd: SIGBUS (user mode) or −EFAULT (kernel mode).
    USERFAULT
}
