package io.janklab.kernel.mm.page;

import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import java.util.ArrayDeque;

/// The free frames of the machine, a stack: the frame freed last is the warmest and is allocated first (Linux `mm/page_alloc.c`, order 0
/// through the per-CPU lists).
///
/// Blocks for huge folios come from memory never used, or from huge folios freed whole; single frames are never joined into blocks.
public final class FrameAllocator {
    /// `HPAGE_PMD_NR`.
    public static final int HUGE_FRAMES = Addresses.PAGES_PER_PMD;

    private final FolioTable folios;
    private final Interleaving interleaving;
    private final int frames;
    /// Frames from here on have never been used.
    private int untouched;
    private int freeHead = FolioTable.NO_FRAME;
    private int freeCount;
    /// Free blocks of 512 frames in a row.
    private final ArrayDeque<Integer> hugeBlocks = new ArrayDeque<>();
    private final HugetlbPool hugetlb;
    /// Attempts left until one is made to fail; 0 for none.
    private int failIn;

    public FrameAllocator(FolioTable folios, int frames, Interleaving interleaving) {
        this.interleaving = interleaving;
        this.folios = folios;
        this.frames = frames;
        this.freeCount = frames;
        this.hugetlb = new HugetlbPool(folios, this, interleaving);
    }

    /// The huge pages set aside for hugetlb.
    public HugetlbPool hugetlb() {
        return hugetlb;
    }

    /// A frame with these flags and one reference, or [FolioTable#NO_FRAME] if memory is exhausted.
    public int allocate(int flags) {
        // It makes no difference which task gets which unused frame, but it does matter which one gets a frame just freed.
        Interleaving.add(interleaving, Shared.FRAMES, 0, this);
        if (freeHead != FolioTable.NO_FRAME || untouched == frames || failIn > 0) {
            Interleaving.note(interleaving, Shared.FRAMES, 0, true);
        }
        if (freeCount == 0 || (failIn > 0 && --failIn == 0)) {
            return FolioTable.NO_FRAME;
        }
        freeCount--;
        int frame = freeHead != FolioTable.NO_FRAME ? pop() : fresh();
        folios.initialise(frame, flags);
        return frame;
    }

    /// The free list is empty.
    private int fresh() {
        if (untouched == frames) {
            breakHugeBlock();
            return pop();
        }
        return touch();
    }

    /// Whether an allocation that must not wait would get a frame (`GFP_NOWAIT`).
    public boolean hasOneNow() {
        Interleaving.read(interleaving, Shared.FRAMES, 0, this);
        return freeCount != 0 && (failIn == 0 || --failIn != 0);
    }

    /// 512 frames in a row as one large folio (order 9), or [FolioTable#NO_FRAME] if none are left in a row.
    public int allocateHuge(int flags) {
        Interleaving.write(interleaving, Shared.FRAMES, 0, this);
        if (freeCount < HUGE_FRAMES || (failIn > 0 && --failIn == 0)) {
            return FolioTable.NO_FRAME;
        }
        int head = hugeBlocks.isEmpty() ? touchHuge() : hugeBlocks.pop();
        if (head != FolioTable.NO_FRAME) {
            freeCount -= HUGE_FRAMES;
            folios.initialise(head, flags | FolioTable.LARGE);
            for (int i = 1; i < HUGE_FRAMES; i++) {
                folios.initialise(head + i, FolioTable.TAIL);
            }
        }
        return head;
    }

    /// The next aligned block of unused frames; those skipped are allocated singly.
    private int touchHuge() {
        int head = untouched + HUGE_FRAMES - 1 & -HUGE_FRAMES;
        if (head + HUGE_FRAMES > frames) {
            return FolioTable.NO_FRAME;
        }
        for (int skipped = untouched; skipped < head; skipped++) {
            folios.populate(skipped);
            push(skipped);
        }
        folios.populate(head);
        untouched = head + HUGE_FRAMES;
        return head;
    }

    /// Frees a large folio whole; hugetlb's go back to their pool.
    void freeHuge(int head) {
        if (folios.has(head, FolioTable.HUGETLB)) {
            hugetlb.giveBack(head);
            return;
        }
        Interleaving.write(interleaving, Shared.FRAMES, 0, this);
        folios.reset(head);
        for (int i = 1; i < HUGE_FRAMES; i++) {
            folios.putTestZero(head + i);
            folios.reset(head + i);
        }
        freeCount += HUGE_FRAMES;
        hugeBlocks.push(head);
    }

    /// Makes the `n`-th attempt from now fail as if memory were exhausted (fault injection, `fail_page_alloc` with `times=1`).
    public void failNth(int n) {
        failIn = n;
    }

    /// Whether an attempt is still to be made to fail.
    public boolean isFailurePending() {
        return failIn > 0;
    }

    private void breakHugeBlock() {
        int head = hugeBlocks.pop();
        for (int i = HUGE_FRAMES - 1; i >= 0; i--) {
            push(head + i);
        }
    }

    private void push(int frame) {
        folios.setNext(frame, freeHead);
        freeHead = frame;
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

    public void free(int frame) {
        Interleaving.write(interleaving, Shared.FRAMES, 0, this);
        folios.reset(frame);
        push(frame);
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
