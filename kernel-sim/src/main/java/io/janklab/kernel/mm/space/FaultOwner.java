package io.janklab.kernel.mm.space;

/// What a VMA's faults are handed to instead of being resolved by the kernel (`vm_userfaultfd_ctx`).
public interface FaultOwner {
    /// A fault on a page that is missing or write-protected; the page table is not locked.
    ///
    /// @param reason `VM_UFFD_MISSING` or `VM_UFFD_WP`
    /// @return what the fault comes to; on a retry its lock has been released
    FaultOutcome handle(VmFault fault, int reason);
}
