package io.janklab.kernel.mm.space;

/// A stretch of pages of a file or of anonymous memory.
interface PageInterval {
    /// The page offset of its start.
    long pgoff();

    /// How many pages it has.
    long pages();
}
