package io.janklab.workloads.replay;

/// What an allocation record does (AOSP `memory_replay`, `AllocParser.cpp`).
public enum Op {
    MALLOC,
    CALLOC,
    REALLOC,
    MEMALIGN,
    FREE,
    /// The thread ends; its thread cache goes back.
    THREAD_DONE
}
