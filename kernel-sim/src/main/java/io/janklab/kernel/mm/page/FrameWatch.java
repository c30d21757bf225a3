package io.janklab.kernel.mm.page;

/// Observes the freeing of frames, on watched machines.
public interface FrameWatch {
    /// `count` frames from `first` on are about to be freed.
    void beforeFree(int first, int count);
}
