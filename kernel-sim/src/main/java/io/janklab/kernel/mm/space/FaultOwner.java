package io.janklab.kernel.mm.space;

/// Receives a VMA's faults instead of the kernel (`vm_userfaultfd_ctx`).
public interface FaultOwner {
    /// A fault on a page that is missing, in the page cache but not mapped, or write-protected; the page table is not locked.
    ///
    /// @param reason `VM_UFFD_MISSING`, `VM_UFFD_MINOR` or `VM_UFFD_WP`
    /// @return the outcome of the fault; on a retry its lock has been released
    FaultOutcome handle(VmFault fault, int reason);
}
