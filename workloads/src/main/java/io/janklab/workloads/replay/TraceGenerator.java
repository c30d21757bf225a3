package io.janklab.workloads.replay;

import io.janklab.sim.RandomStream;
import io.janklab.sim.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// Makes up an allocation trace with the [Mix] of a recorded one.
///
/// Threads take turns of several records. A thread at its turn first releases a block whose time has come and otherwise allocates
/// one. Lifetimes count the allocating thread's own records, or all records where another thread releases.
///
/// **Caveats.** Like the recorded traces the heap starts empty. Thread 0 is the busiest, then the others by rank. Threads that came
/// and went in the recording are not imitated.
public final class TraceGenerator {
    /// A turn is at most this share of the trace, so that every thread gets some.
    private static final int TURNS_AT_LEAST = 100;
    private static final int ALIGNMENT = 64;

    private final Mix mix;
    private final RandomStream random;
    private final AllocationTrace.Builder trace;
    private final List<Worker> workers = new ArrayList<>();
    private final long totalWeight;
    private long[] sizeOf = new long[1 << 12];

    /// One thread: how many records it has made, and what it must release when.
    private static final class Worker {
        final int thread;
        long clock;
        /// Due time over block, by the thread's own clock and by the trace's.
        final PriorityQueue<Long> dueOnOwnClock = new PriorityQueue<>();
        final PriorityQueue<Long> due = new PriorityQueue<>();

        Worker(int thread) {
            this.thread = thread;
        }
    }

    private TraceGenerator(Mix mix, String name, long seed) {
        this.mix = mix;
        this.random = new RandomStreams(seed).stream("native/" + name);
        this.trace = new AllocationTrace.Builder("generated (" + name + ")", false);
        long sum = 0;
        for (int rank = 0; rank < mix.threadRecords.length; rank++) {
            workers.add(new Worker(trace.newThread(rank + 1)));
            sum += mix.threadRecords[rank];
        }
        totalWeight = sum;
    }

    /// `records` records like those of the AOSP trace `mixName` ([Mix#NAMES]); the same for the same seed.
    public static AllocationTrace generate(String mixName, int records, long seed) {
        return new TraceGenerator(Mix.named(mixName), mixName, seed).generate(records);
    }

    private AllocationTrace generate(int records) {
        long longestTurn = Math.max(1, records / TURNS_AT_LEAST);
        while (trace.count() < records) {
            Worker worker = pick();
            long turn = Math.min(mix.runs.draw(random), longestTurn);
            for (long i = 0; i < turn && trace.count() < records; i++) {
                step(worker);
            }
        }
        return trace.build();
    }

    private Worker pick() {
        long left = random.nextLong(totalWeight);
        int rank = 0;
        while (left >= mix.threadRecords[rank]) {
            left -= mix.threadRecords[rank++];
        }
        return workers.get(rank);
    }

    private void step(Worker worker) {
        worker.clock++;
        int block = pollDue(worker.dueOnOwnClock, worker.clock);
        if (block == AllocationTrace.NULL) {
            block = pollDue(worker.due, trace.count());
        }
        if (block == AllocationTrace.NULL) {
            allocate(worker);
        } else if (random.chance(mix.reallocShare)) {
            reallocate(worker, block);
        } else {
            trace.add(Op.FREE, worker.thread, random.chance(mix.freeOfNullShare) ? freeNullFirst(worker, block) : block, 0, 0);
        }
    }

    private static int pollDue(PriorityQueue<Long> due, long now) {
        Long first = due.peek();
        if (first == null || first >>> Integer.SIZE > now) {
            return AllocationTrace.NULL;
        }
        due.remove();
        return (int) (long) first;
    }

    private int freeNullFirst(Worker worker, int block) {
        worker.dueOnOwnClock.add(key(worker.clock + 1, block));
        return AllocationTrace.NULL;
    }

    private void allocate(Worker worker) {
        long size = mix.size(random);
        int block = trace.newBlock();
        double u = random.nextDouble();
        if (u < mix.callocShare) {
            trace.add(Op.CALLOC, worker.thread, block, 0, size);
        } else if (u < mix.callocShare + mix.memalignShare) {
            trace.add(Op.MEMALIGN, worker.thread, block, ALIGNMENT, size);
        } else if (u < mix.callocShare + mix.memalignShare + mix.reallocOfNullShare) {
            trace.add(Op.REALLOC, worker.thread, block, AllocationTrace.NULL, size);
        } else {
            trace.add(Op.MALLOC, worker.thread, block, 0, size);
        }
        born(worker, block, size);
    }

    private void reallocate(Worker worker, int oldBlock) {
        long largest = mix.largestSizes[mix.largestSizes.length - 1];
        long percent = mix.reallocPercent[Mix.range(sizeOf[oldBlock])].draw(random);
        long size = Math.clamp(sizeOf[oldBlock] * percent / 100, 1, largest);
        int block = trace.newBlock();
        trace.add(Op.REALLOC, worker.thread, block, oldBlock, size);
        born(worker, block, size);
    }

    private void born(Worker worker, int block, long size) {
        if (block >= sizeOf.length) {
            sizeOf = Arrays.copyOf(sizeOf, 2 * block);
        }
        sizeOf[block] = size;
        int range = Mix.range(size);
        if (random.chance(mix.neverFreed[range])) {
            return;
        }
        if (workers.size() > 1 && random.chance(mix.freedElsewhere[range])) {
            someoneElse(worker).due.add(key(trace.count() + mix.otherLifetimes[range].draw(random), block));
        } else {
            worker.dueOnOwnClock.add(key(worker.clock + mix.ownLifetimes[range].draw(random), block));
        }
    }

    private Worker someoneElse(Worker worker) {
        Worker other = pick();
        while (other == worker) {
            other = pick();
        }
        return other;
    }

    private static long key(long due, int block) {
        return due << Integer.SIZE | block;
    }
}
