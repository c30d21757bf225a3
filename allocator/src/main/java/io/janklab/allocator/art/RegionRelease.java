package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// How empty regions are returned to the kernel (`libartbase/base/mem_map.cc`, `ZeroMemory`).
///
/// Eagerly, by MADV_DONTNEED. Else, on kernels from 6.0 on, which all of ours are: resident pages are overwritten with zeroes and passed to
/// MADV_FREE, so that their next user takes no fault unless the kernel has run short of memory; the others get MADV_DONTNEED.
final class RegionRelease {
    private final HeapParts heap;

    RegionRelease(HeapParts heap) {
        this.heap = heap;
    }

    void release(Task task, long address, long bytes, boolean eagerly) {
        if (eagerly) {
            advise(task, address, bytes, Mman.MADV_DONTNEED);
            return;
        }
        byte[] resident = new byte[(int) MemMap.pages(bytes)];
        MemMap.check("mincore", heap.syscalls().mincore(task, address, bytes, resident));
        for (int first = 0; first < resident.length; ) {
            int end = endOfRun(resident, first);
            long start = address + first * MemMap.PAGE;
            long length = (end - first) * MemMap.PAGE;
            if (resident[first] == 0) {
                advise(task, start, length, Mman.MADV_DONTNEED);
            } else {
                heap.memory().write(task, start, length);
                task.compute((end - first) * heap.costs().zeroNsPerPage());
                advise(task, start, length, Mman.MADV_FREE);
            }
            first = end;
        }
    }

    private static int endOfRun(byte[] resident, int first) {
        int end = first;
        while (end < resident.length && resident[end] == resident[first]) {
            end++;
        }
        return end;
    }

    private void advise(Task task, long address, long length, int advice) {
        MemMap.check("madvise", heap.syscalls().madvise(task, address, length, advice));
    }
}
