package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Interned;
import io.janklab.dashboards.perfetto.Fields.InternedData;
import io.janklab.kernel.trace.LockMode;

/// The kernel functions in which a task sleeps for a lock, as `sched_blocked_reason` names them; their interned ids count from 1.
enum BlockedFunction {
    RWSEM_READ("rwsem_down_read_slowpath"),
    RWSEM_WRITE("rwsem_down_write_slowpath"),
    VMA_WRITE("__vma_start_write"),
    FOLIO("folio_wait_bit_common"),
    MUTEX("__mutex_lock"),
    FUTEX("futex_wait_queue");

    private final String symbol;

    BlockedFunction(String symbol) {
        this.symbol = symbol;
    }

    int iid() {
        return ordinal() + 1;
    }

    /// Null for locks that nobody sleeps for.
    static BlockedFunction of(LockWaitSlice wait) {
        return switch (wait.lock().lockClass()) {
            case MMAP_LOCK, ANON_VMA, I_MMAP -> wait.mode() == LockMode.READ ? RWSEM_READ : RWSEM_WRITE;
            case VMA_LOCK -> VMA_WRITE;
            case FOLIO -> FOLIO;
            case MUTEX -> MUTEX;
            case FUTEX -> FUTEX;
            case PAGE_TABLE, SPINLOCK -> null;
        };
    }

    /// All of them as interned data.
    static ProtoMessage symbols() {
        ProtoMessage data = new ProtoMessage();
        for (BlockedFunction function : values()) {
            data.message(
                    InternedData.KERNEL_SYMBOLS,
                    new ProtoMessage().number(Interned.IID, function.iid()).text(Interned.NAME, function.symbol));
        }
        return data;
    }
}
