package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;

/// A task's own loads and stores. An access to a page that is mapped costs nothing here (its time is part of the task's own work);
/// one that is not takes a user-mode page fault first.
///
/// An access without a right to it throws [SegmentationFault], as SIGSEGV would kill the process.
public interface UserMemory {
    /// Reads every page that `length` bytes at `address` touch.
    void read(Task task, long address, long length);

    /// Writes every page that `length` bytes at `address` touch.
    void write(Task task, long address, long length);

    /// Clears memory (`memset`).
    default void zero(Task task, long address, long length) {
        write(task, address, length);
    }

    /// Copies memory (`memcpy`).
    default void copy(Task task, long from, long to, long length) {
        read(task, from, length);
        write(task, to, length);
    }
}
