package io.janklab.workloads.recording.rebuild;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.Workload;
import java.util.HashMap;
import java.util.Map;

/// The memory operations in a recording of a production phone, which shows neither calls nor faults: modelled from what it does show.
///
/// `rss_stat` of a thread's own process that has grown by n pages of anonymous memory are n pages touched at that moment; that has shrunk,
/// a MADV_DONTNEED of n pages by that thread; a sleep in D state at an entry point of mm is that call, of one page.
final class ModelledMemory {
    private static final long BASE = 0x10_0000_0000L;
    private static final long MOST_BYTES = 1L << 30;
    private static final long MOST_PAGES = 4_096;
    private static final int ANONYMOUS = 1;

    private static final class Heap {
        long next = BASE;
        long end = BASE;
        long rss = -1;
        boolean used;
    }

    private final Map<Integer, Heap> heaps = new HashMap<>();

    private Heap heap(ThreadTrack track) {
        return heaps.computeIfAbsent(track.thread.tgid, tgid -> new Heap());
    }

    void rss(ThreadTrack track, RecordedEvent.Rss e) {
        if (e.member() != ANONYMOUS) {
            return;
        }
        Heap heap = heap(track);
        long pages = heap.rss < 0 ? 0 : Math.min(MOST_PAGES, Math.abs(e.bytes() - heap.rss) / AddressMap.PAGE);
        boolean grew = e.bytes() > heap.rss;
        heap.rss = e.bytes();
        if (pages > 0) {
            change(track, heap, pages, grew);
        }
    }

    private static void change(ThreadTrack track, Heap heap, long pages, boolean grew) {
        heap.used = true;
        long bytes = pages * AddressMap.PAGE;
        if (grew) {
            for (long at = 0; at < bytes; at += AddressMap.PAGE) {
                track.thread.ops.add(Op.TOUCH, heap.next, Op.WRITES);
                heap.next = heap.next + AddressMap.PAGE < BASE + MOST_BYTES ? heap.next + AddressMap.PAGE : BASE;
                heap.end = Math.max(heap.end, heap.next);
            }
        } else {
            long start = Math.max(BASE, heap.next - bytes);
            if (heap.next > start) {
                track.thread.ops.add(Op.MADVISE, start, heap.next - start, Mman.MADV_DONTNEED);
                heap.next = start;
            }
        }
    }

    /// It slept there for a lock of its address space.
    void blockedIn(ThreadTrack track, String caller) {
        Heap heap = heap(track);
        heap.used = true;
        heap.end = Math.max(heap.end, BASE + AddressMap.PAGE);
        long page = AddressMap.PAGE;
        if (caller.contains("fault")) {
            change(track, heap, 1, true);
        } else if (caller.contains("madvise")) {
            track.thread.ops.add(Op.MADVISE, BASE, page, Mman.MADV_DONTNEED);
        } else if (caller.contains("mprotect")) {
            track.thread.ops.add(Op.MPROTECT, BASE, page, Mman.PROT_RW);
        } else if (caller.contains("prctl")) {
            track.thread.ops.add(Op.SET_NAME, BASE, page);
        } else if (caller.contains("dup_mm")) {
            track.thread.ops.add(Op.FORK);
        } else {
            long scratch = BASE + MOST_BYTES + track.thread.index * 16L * page;
            track.thread.ops.add(Op.MMAP, scratch, page, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, 0);
            track.thread.ops.add(Op.MUNMAP, scratch, page);
        }
    }

    void finish(Workload workload) {
        if (workload.hasCalls) {
            return;
        }
        heaps.forEach((tgid, heap) -> {
            if (heap.used) {
                workload.process(tgid).images.getFirst().areas().add(
                        new RecordedProcess.Area(BASE, Math.max(heap.end, BASE + AddressMap.PAGE), Mman.PROT_RW, false));
            }
        });
    }
}
