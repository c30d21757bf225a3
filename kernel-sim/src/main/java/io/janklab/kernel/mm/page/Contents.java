package io.janklab.kernel.mm.page;

import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;

/// The contents of each frame, reduced to one stamp; kept only where a run asks for it.
///
/// A fresh page holds 0. Enough to tell whether a page still has its data, was dropped, or shows another page's.
public final class Contents {
    private static final int CHUNK_SHIFT = 12;

    private final Interleaving interleaving;
    private final int frames;
    private final long[][] chunks;

    public Contents(int frames, Interleaving interleaving) {
        this.interleaving = interleaving;
        this.frames = frames;
        chunks = new long[(frames >>> CHUNK_SHIFT) + 1][];
    }

    public long get(int frame) {
        Interleaving.note(interleaving, Shared.PAGE, frame, false);
        long[] chunk = chunks[frame >>> CHUNK_SHIFT];
        return chunk == null ? 0 : chunk[frame & (1 << CHUNK_SHIFT) - 1];
    }

    public void set(int frame, long stamp) {
        Interleaving.note(interleaving, Shared.PAGE, frame, true);
        int at = frame >>> CHUNK_SHIFT;
        if (chunks[at] == null) {
            chunks[at] = new long[Math.min(1 << CHUNK_SHIFT, frames)];
        }
        chunks[at][frame & (1 << CHUNK_SHIFT) - 1] = stamp;
    }
}
