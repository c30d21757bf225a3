package io.janklab.kernel.mm.page;

/// Looks on as frames are freed, on machines that are watched.
public interface FrameWatch {
    /// `count` frames from `first` on are about to be given away.
    void beforeFree(int first, int count);
}
