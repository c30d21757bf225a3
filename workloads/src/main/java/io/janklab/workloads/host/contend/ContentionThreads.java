package io.janklab.workloads.host.contend;

import io.janklab.kernel.uapi.Mman;
import io.janklab.program.Region;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/// The threads of one [Contention], on either side.
final class ContentionThreads {
    /// Far below where the kernel places new mappings.
    private static final long VICTIMS_MEMORY = 1L << 43;
    /// The pages a faulter fills before it unmaps them all, which is not timed: one page table's.
    private static final int VICTIMS_PAGES = 512;
    private static final long VICTIMS_BYTES = VICTIMS_PAGES * Region.PAGE;
    private static final long MAPPERS_HINT = VICTIMS_MEMORY + 2 * VICTIMS_BYTES;
    private static final long CALLS_BYTES = 4 * Region.PAGE;
    private static final long PURGED = VICTIMS_MEMORY + (1L << 32);
    private static final long PURGED_APART = 1L << 30;
    private static final long PAUSE_NS_MIN = 400_000;
    private static final long PAUSE_NS_SPAN = 800_000;
    /// A pause that ends this much later has been delayed by more than an interrupt.
    private static final long INTERRUPT_NS_MAX = 50_000;

    private final Contention contention;
    private final long purgedBytes;
    private long oversleptNs;

    ContentionThreads(Contention contention) {
        this.contention = contention;
        this.purgedBytes = (long) contention.mebibytes() << 20;
    }

    /// Maps everything; called by one thread before the others begin.
    void prepare(ContentionCalls calls) {
        calls.map(VICTIMS_MEMORY, VICTIMS_BYTES);
        for (int purger = 0; purger < contention.purgers(); purger++) {
            preparePurged(calls, purged(purger));
        }
    }

    /// The victim's part lies after the purged part; where there are two VMAs the second begins halfway.
    private void preparePurged(ContentionCalls calls, long start) {
        calls.map(start, purgedBytes + VICTIMS_BYTES);
        switch (contention.range()) {
            case ONE_VMA -> {}
            case TWO_VMAS -> calls.advise(start + purgedBytes / 2, purgedBytes / 2 + VICTIMS_BYTES, Mman.MADV_DONTDUMP);
            case ARMED -> calls.arm(start, purgedBytes + VICTIMS_BYTES);
        }
    }

    /// Unmaps everything.
    void tidy(ContentionCalls calls) {
        calls.unmap(VICTIMS_MEMORY, VICTIMS_BYTES);
        for (int purger = 0; purger < contention.purgers(); purger++) {
            calls.unmap(purged(purger), purgedBytes + VICTIMS_BYTES);
        }
    }

    private static long purged(int purger) {
        return PURGED + purger * PURGED_APART;
    }

    /// Fills a purger's memory for the first time.
    void fill(ContentionCalls calls, int purger) {
        calls.touch(purged(purger), purgedBytes);
    }

    /// ns for each page of a fill without faults: after MADV_FREE its pages are present, but clean and not in the TLB. One purger's memory
    /// after the other's, since together they may exceed the caches.
    double timeRefill(ContentionCalls calls) {
        long spent = 0;
        for (int purger = 0; purger < contention.purgers(); purger++) {
            if (contention.advice() == Mman.MADV_FREE) {
                calls.advise(purged(purger), purgedBytes, Mman.MADV_FREE);
            }
            long began = calls.now();
            fill(calls, purger);
            spent += calls.now() - began;
        }
        return (double) spent * Region.PAGE / purgedBytes / contention.purgers();
    }

    /// Purges the memory and fills it again, until asked to end.
    void purge(ContentionCalls calls, int purger, BooleanSupplier running) {
        while (running.getAsBoolean()) {
            calls.advise(purged(purger), purgedBytes, contention.advice());
            fill(calls, purger);
        }
    }

    /// Makes the victim's operations for `durationNs`, with pauses between them that keep its core busy.
    ///
    /// @return ns that each took
    long[] victim(ContentionCalls calls, long durationNs) {
        long[] samples = new long[(int) (durationNs / PAUSE_NS_MIN)];
        int count = 0;
        long random = 1;
        long end = calls.now() + durationNs;
        while (count < samples.length && calls.now() < end) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            long pauseEnd = calls.now() + PAUSE_NS_MIN + (random >>> 33) % PAUSE_NS_SPAN;
            calls.spinUntil(pauseEnd);
            long began = calls.now();
            oversleptNs += Math.max(0, began - pauseEnd - INTERRUPT_NS_MAX);
            operate(calls, count);
            samples[count++] = calls.now() - began;
            empty(calls, count);
        }
        return Arrays.copyOf(samples, count);
    }

    /// How long something else had the victim's core in its pauses (ns), which should be 0.
    long oversleptNs() {
        return oversleptNs;
    }

    private void operate(ContentionCalls calls, int index) {
        switch (contention.victim()) {
            case MAPPER -> mapTouchUnmap(calls);
            case MPROTECTER -> calls.protect(VICTIMS_MEMORY, CALLS_BYTES, (index & 1) == 0 ? Mman.PROT_READ : Mman.PROT_RW);
            case FAULTER_ELSEWHERE, FAULTER_BESIDE -> calls.touch(faulted() + index % VICTIMS_PAGES * Region.PAGE, Long.BYTES);
        }
    }

    private static void mapTouchUnmap(ContentionCalls calls) {
        long address = calls.mapNear(MAPPERS_HINT, CALLS_BYTES);
        calls.touch(address, CALLS_BYTES);
        calls.unmap(address, CALLS_BYTES);
    }

    private long faulted() {
        return contention.victim() == Contention.Victim.FAULTER_BESIDE ? purged(0) + purgedBytes : VICTIMS_MEMORY;
    }

    private void empty(ContentionCalls calls, int count) {
        if (contention.victim().faults() && count % VICTIMS_PAGES == 0) {
            calls.advise(faulted(), VICTIMS_BYTES, Mman.MADV_DONTNEED);
        }
    }
}
