package io.janklab.kernel.mm;

/// The free frames of the machine, a stack: the frame freed last is the warmest and is given out first (Linux `mm/page_alloc.c`,
/// order 0 through the per-CPU lists).
public final class FrameAllocator {
    private final FolioTable folios;
    private final int frames;
    /// Frames from here on have never been used.
    private int untouched;
    private int freeHead = FolioTable.NO_FRAME;
    private int freeCount;
    /// Attempts left until one is made to fail; 0 for none.
    private int failIn;

    FrameAllocator(FolioTable folios, int frames) {
        this.folios = folios;
        this.frames = frames;
        this.freeCount = frames;
    }

    /// A frame with these flags and one reference, or [FolioTable#NO_FRAME] if memory is exhausted.
    int allocate(int flags) {
        if (freeCount == 0 || failIn > 0 && --failIn == 0) {
            return FolioTable.NO_FRAME;
        }
        freeCount--;
        int frame = freeHead != FolioTable.NO_FRAME ? pop() : touch();
        folios.initialise(frame, flags);
        return frame;
    }

    /// Makes the `n`-th attempt from now fail as if memory were exhausted (fault injection, `fail_page_alloc` with `times=1`).
    public void failNth(int n) {
        failIn = n;
    }

    /// Whether an attempt is still to be made to fail.
    public boolean isFailurePending() {
        return failIn > 0;
    }

    private int pop() {
        int frame = freeHead;
        freeHead = folios.next(frame);
        return frame;
    }

    private int touch() {
        folios.populate(untouched);
        return untouched++;
    }

    void free(int frame) {
        folios.reset(frame);
        folios.setNext(frame, freeHead);
        freeHead = frame;
        freeCount++;
    }

    public int total() {
        return frames;
    }

    public int free() {
        return freeCount;
    }

    public int allocated() {
        return frames - freeCount;
    }

    /// Frames below this number may have been used.
    public int touched() {
        return untouched;
    }
}
