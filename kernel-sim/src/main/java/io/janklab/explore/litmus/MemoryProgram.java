package io.janklab.explore.litmus;

import io.janklab.explore.LitmusProgram;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.uapi.Mman;

/// What the programs of this library have in common.
abstract class MemoryProgram extends LitmusProgram {
    static final int RW = Mman.PROT_READ | Mman.PROT_WRITE;
    static final int ANON = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;
    /// The first address of a page table.
    static final long TABLE = 0x10_0000_0000L;
    /// Pages below one page table.
    static final int TABLE_PAGES = 512;
    static final long TABLE_BYTES = TABLE_PAGES * PAGE;

    /// A page each load of which is checked against what has been done to it.
    final class WatchedPage {
        final long address;
        private final PageHistory history = new PageHistory();

        WatchedPage(long address) {
            this.address = address;
        }

        void store(Task task, long stamp) {
            PageHistory.Change change = history.store(stamp);
            MemoryProgram.this.store(task, address, stamp);
            history.end(change);
        }

        /// @return whether the store was allowed, as opposed to SIGSEGV
        boolean tryStore(Task task, long stamp) {
            PageHistory.Change change = history.store(stamp);
            boolean stored = MemoryProgram.this.tryStore(task, address, stamp);
            if (stored) {
                history.end(change);
            } else {
                history.forget(change);
            }
            return stored;
        }

        long load(Task task) {
            long begin = history.tick();
            long value = MemoryProgram.this.load(task, address);
            check(history.allows(value, begin), "a load sees " + value + ", which had been overwritten when it began");
            return value;
        }

        void dontneed(Task task) {
            dontneed(task, 1);
        }

        /// Discards `pages` from this one on.
        void dontneed(Task task, int pages) {
            PageHistory.Change change = history.discard();
            mustSucceed(madvise(task, address, pages, Mman.MADV_DONTNEED), "MADV_DONTNEED");
            history.end(change);
        }

        void free(Task task) {
            PageHistory.Change change = history.mayDiscard();
            mustSucceed(madvise(task, address, 1, Mman.MADV_FREE), "MADV_FREE");
            history.end(change);
        }
    }

    final long mapAt(Task task, long address, int pages) {
        return syscalls().mmap(task, address, pages * PAGE, RW, ANON | Mman.MAP_FIXED);
    }

    final void mustSucceed(long result, String what) {
        check(result >= 0, what + " failed with " + result);
    }

    /// @return whether the store was allowed, as opposed to SIGSEGV
    final boolean tryStore(Task task, long address, long stamp) {
        try {
            store(task, address, stamp);
            return true;
        } catch (SegmentationFault e) {
            return false;
        }
    }

    /// @return what the page holds, or "SIGSEGV"
    final String tryLoad(Task task, long address) {
        try {
            return Long.toString(load(task, address));
        } catch (SegmentationFault e) {
            return "SIGSEGV";
        }
    }

    /// What is in the batches of any core joins its LRU list (`lru_add_drain_all`).
    final void drainLru() {
        kernel().memory().batches().drainAll();
    }

    /// Reclaims what can be, as a write to `memory.reclaim` does.
    final void reclaim(Task task) {
        kernel().addressSpaces().reclaim(task, 1);
    }

    /// A page that holds 1, was given up by MADV_FREE, and is where reclaim looks for it.
    final WatchedPage lazyfreePage(Task task, long address) {
        WatchedPage page = new WatchedPage(address);
        page.store(task, 1);
        drainLru();
        page.free(task);
        drainLru();
        return page;
    }
}
