package io.janklab.kernel.mm.space;

/// How a page fault ended, as the access that took it sees it.
public enum FaultResult {
    /// Try the access again.
    HANDLED,
    /// No mapping, or no right: SIGSEGV, or −EFAULT in the kernel.
    BAD_ACCESS,
    /// A page that userfaultfd leaves to a signal handler, or beyond a file's end, or of hugetlb where none is left: SIGBUS, or −EFAULT in
    /// the kernel.
    SIGBUS,
    /// No memory: the process is killed, or −EFAULT in the kernel.
    OUT_OF_MEMORY
}
