package io.janklab.workloads.replay;

import io.janklab.sim.RandomStream;
import io.janklab.sim.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Generates the records of a [GeneratedTrace], one by one.
///
/// Threads take turns of several records. A thread at its turn first releases a block that is due and otherwise allocates one. Lifetimes
/// count the allocating thread's own records, or all records where another thread releases. A block whose end the recording did not see
/// lives for as many records as the recording has: longer lifetimes are unknown, and so the heap stops growing.
///
/// **Caveats.** Like the recorded traces the heap starts empty. Thread 0 is the busiest, then the others by rank. Threads that came
/// and went in the recording are not imitated.
final class TraceGenerator implements RecordSource {
    /// A turn is at most this share of the trace, so that every thread gets some.
    private static final int TURNS_AT_LEAST = 100;
    private static final int ALIGNMENT = 64;

    private final Mix mix;
    private final RandomStream random;
    private final List<Worker> workers = new ArrayList<>();
    private final long totalWeight;
    private final long longestTurn;
    private @Nullable Worker worker;
    private long leftOfTurn;
    private long made;
    private long blocks;

    /// One thread: how many records it has made, and which blocks it must release when.
    private static final class Worker {
        final int thread;
        long clock;
        /// By the thread's own clock, and by the trace's.
        final DueBlocks dueOnOwnClock = new DueBlocks();
        final DueBlocks due = new DueBlocks();

        Worker(int thread) {
            this.thread = thread;
        }

        /// The block it must release now, or null.
        @Nullable DueBlocks takeDue(long now) {
            if (dueOnOwnClock.take(clock)) {
                return dueOnOwnClock;
            }
            return due.take(now) ? due : null;
        }
    }

    TraceGenerator(Mix mix, String name, long records, long seed) {
        this.mix = mix;
        this.random = new RandomStreams(seed).stream("native/" + name);
        this.longestTurn = Math.max(1, records / TURNS_AT_LEAST);
        long sum = 0;
        for (int rank = 0; rank < mix.threadRecords.length; rank++) {
            workers.add(new Worker(rank));
            sum += mix.threadRecords[rank];
        }
        totalWeight = sum;
    }

    /// Blocks that are allocated and will be released.
    int live() {
        return workers.stream().mapToInt(one -> one.due.count() + one.dueOnOwnClock.count()).sum();
    }

    @Override
    public void next(TraceRecord record) {
        while (leftOfTurn == 0) {
            worker = pick();
            leftOfTurn = Math.min(mix.runs.draw(random), longestTurn);
        }
        leftOfTurn--;
        step(record);
    }

    private Worker pick() {
        long left = random.nextLong(totalWeight);
        int rank = 0;
        while (left >= mix.threadRecords[rank]) {
            left -= mix.threadRecords[rank++];
        }
        return workers.get(rank);
    }

    private Worker worker() {
        return Objects.requireNonNull(worker);
    }

    private void step(TraceRecord record) {
        worker().clock++;
        DueBlocks taken = worker().takeDue(made);
        if (taken == null) {
            allocate(record);
        } else if (random.chance(mix.reallocShare)) {
            reallocate(record, taken.block(), taken.size());
        } else if (random.chance(mix.freeOfNullShare)) {
            worker().dueOnOwnClock.add(worker().clock + 1, taken.block(), taken.size());
            tell(record, HeapOp.FREE, TraceRecord.NULL, 0, 0);
        } else {
            tell(record, HeapOp.FREE, taken.block(), 0, 0);
        }
    }

    private void tell(TraceRecord record, HeapOp op, long block, long extra, long size) {
        record.set(made++, op, worker().thread, block, extra, size);
    }

    private void allocate(TraceRecord record) {
        long size = mix.size(random);
        long block = blocks++;
        double u = random.nextDouble();
        if (u < mix.callocShare) {
            tell(record, HeapOp.CALLOC, block, 0, size);
        } else if (u < mix.callocShare + mix.memalignShare) {
            tell(record, HeapOp.MEMALIGN, block, ALIGNMENT, size);
        } else if (u < mix.callocShare + mix.memalignShare + mix.reallocOfNullShare) {
            tell(record, HeapOp.REALLOC, block, TraceRecord.NULL, size);
        } else {
            tell(record, HeapOp.MALLOC, block, 0, size);
        }
        born(block, size);
    }

    private void reallocate(TraceRecord record, long oldBlock, long oldSize) {
        long largest = mix.largestSizes[mix.largestSizes.length - 1];
        long percent = mix.reallocPercent[Mix.range(oldSize)].draw(random);
        long size = Math.clamp(oldSize * percent / 100, 1, largest);
        long block = blocks++;
        tell(record, HeapOp.REALLOC, block, oldBlock, size);
        born(block, size);
    }

    private void born(long block, long size) {
        int range = Mix.range(size);
        if (random.chance(mix.neverFreed[range])) {
            worker().due.add(made + mix.records, block, size);
        } else if (workers.size() > 1 && random.chance(mix.freedElsewhere[range])) {
            someoneElse().due.add(made + mix.otherLifetimes[range].draw(random), block, size);
        } else {
            worker().dueOnOwnClock.add(worker().clock + mix.ownLifetimes[range].draw(random), block, size);
        }
    }

    private Worker someoneElse() {
        Worker other = pick();
        while (other == worker) {
            other = pick();
        }
        return other;
    }
}
