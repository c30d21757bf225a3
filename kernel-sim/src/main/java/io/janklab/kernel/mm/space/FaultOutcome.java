package io.janklab.kernel.mm.space;

import io.janklab.kernel.trace.FaultKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The result of one attempt at a fault (Linux `vm_fault_t`).
public enum FaultOutcome {
    ANONYMOUS(FaultKind.ANONYMOUS, FaultResult.HANDLED),
    ZERO_PAGE(FaultKind.ZERO_PAGE, FaultResult.HANDLED),
    COW(FaultKind.COW, FaultResult.HANDLED),
    REUSE(FaultKind.REUSE, FaultResult.HANDLED),
    SWAP_IN(FaultKind.SWAP_IN, FaultResult.HANDLED),
    SPURIOUS(FaultKind.SPURIOUS, FaultResult.HANDLED),
    /// `VM_FAULT_SIGSEGV`.
    BAD_ACCESS(FaultKind.BAD_ACCESS, FaultResult.BAD_ACCESS),
    FILE(FaultKind.FILE, FaultResult.HANDLED),
    /// `VM_FAULT_SIGBUS`: mapped, but the file is shorter.
    BEYOND_END_OF_FILE(FaultKind.BAD_ACCESS, FaultResult.SIGBUS),
    /// `VM_FAULT_SIGBUS`: no huge page is left for hugetlb memory.
    NO_HUGE_PAGE(FaultKind.BAD_ACCESS, FaultResult.SIGBUS),
    /// `VM_FAULT_HWPOISON`.
    POISONED(FaultKind.BAD_ACCESS, FaultResult.SIGBUS),
    /// `VM_FAULT_SIGBUS`.
    SIGBUS(FaultKind.USERFAULT, FaultResult.SIGBUS),
    /// `VM_FAULT_OOM`.
    OUT_OF_MEMORY(FaultKind.BAD_ACCESS, FaultResult.OUT_OF_MEMORY),
    /// SIGKILL came while the fault waited: the access is not retried.
    KILLED(FaultKind.BAD_ACCESS, FaultResult.BAD_ACCESS),
    /// `VM_FAULT_RETRY`: the lock has been dropped; try again.
    RETRY(null, null),
    /// `VM_FAULT_RETRY | VM_FAULT_MAJOR`, after the fault's own I/O.
    RETRY_AFTER_IO(null, null),
    /// `VM_FAULT_RETRY`, after I/O that another task has begun.
    RETRY_AFTER_OTHERS_IO(null, null);

    private final @Nullable FaultKind kind;
    private final @Nullable FaultResult result;

    FaultOutcome(@Nullable FaultKind kind, @Nullable FaultResult result) {
        this.kind = kind;
        this.result = result;
    }

    public boolean isRetry() {
        return result == null;
    }

    /// Whether it is to be tried again after a wait for I/O.
    public boolean isAfterIo() {
        return this == RETRY_AFTER_IO || this == RETRY_AFTER_OTHERS_IO;
    }

    /// The kind of fault it was; not of one to be tried again.
    public FaultKind kind() {
        return Objects.requireNonNull(kind, "to be tried again");
    }

    /// What the access gets; not of a fault to be tried again.
    public FaultResult result() {
        return Objects.requireNonNull(result, "to be tried again");
    }
}
