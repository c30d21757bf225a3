package io.janklab.kernel.mm.page;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A compressed RAM disk for swap (Linux `drivers/block/zram`): pages go in and out synchronously, at the price of CPU time, and the
/// compressed pages take memory themselves.
public final class Zram {
    /// How many times smaller a page gets; Android devices report two and a half to three with lz4.
    public static final double DEFAULT_RATIO = 2.8;

    private final FrameAllocator frames;
    private final LruBatches batches;
    private final CostModel costs;
    /// Returns null while contents are not kept.
    private final Supplier<Contents> contents;
    private final long compressedBytes;
    private final int slots;
    /// Stamp of each slot's page; null unless contents are kept.
    private long @Nullable [] stamps;
    /// Frames that hold compressed pages (`zs_pool`).
    private int[] pool = new int[16];
    private int poolFrames;
    private int stored;

    public Zram(FrameAllocator frames, LruBatches batches, CostModel costs, Supplier<Contents> contents, int slots, double ratio) {
        this.frames = frames;
        this.batches = batches;
        this.costs = costs;
        this.contents = contents;
        this.compressedBytes = Math.round(Addresses.PAGE_SIZE / ratio);
        this.slots = slots;
    }

    /// Compresses a page into `slot`; `another`: the slot held none so far.
    ///
    /// @return false if no memory is left to keep it in
    boolean write(Task task, int slot, int frame, boolean another) {
        task.charge(costs, Cost.ZRAM_COMPRESS);
        task.settle();
        if (another && !grow()) {
            return false;
        }
        stored += another ? 1 : 0;
        if (contents.get() != null) {
            stamps = stamps == null ? new long[slots] : stamps;
            stamps[slot] = contents.get().get(frame);
        }
        return true;
    }

    /// The pool may use the reserve, since it frees memory in the end.
    private boolean grow() {
        if ((stored + 1) * compressedBytes <= poolFrames * Addresses.PAGE_SIZE) {
            return true;
        }
        int frame = frames.allocate(FolioTable.ZRAM);
        if (frame == FolioTable.NO_FRAME) {
            return false;
        }
        if (poolFrames == pool.length) {
            pool = Arrays.copyOf(pool, poolFrames * 2);
        }
        pool[poolFrames++] = frame;
        return true;
    }

    /// Decompresses the page of `slot` into a frame.
    void read(Task task, int slot, int frame) {
        task.charge(costs, Cost.ZRAM_DECOMPRESS);
        task.settle();
        if (contents.get() != null) {
            contents.get().set(frame, Objects.requireNonNull(stamps)[slot]);
        }
    }

    /// The slot's page is not needed any more (`zram_slot_free_notify`).
    void free() {
        stored--;
        while (poolFrames > 0 && stored * compressedBytes <= (poolFrames - 1) * Addresses.PAGE_SIZE) {
            batches.put(pool[--poolFrames]);
        }
    }

    /// Frames they take.
    public int poolFrames() {
        return poolFrames;
    }
}
