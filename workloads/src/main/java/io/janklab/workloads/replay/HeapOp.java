package io.janklab.workloads.replay;

/// The operation of an allocation record (AOSP `memory_replay`, `AllocParser.cpp`).
public enum HeapOp {
    MALLOC,
    CALLOC,
    REALLOC,
    MEMALIGN,
    FREE,
    /// The thread ends; its thread cache is flushed.
    THREAD_DONE
}
