package io.janklab.workloads.program;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static java.util.Objects.requireNonNull;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserfaultFd;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A Java heap compacted as ART's mark-compact collector does it where it has UFFDIO_MOVE: one thread moves pages to the other space in
/// order, and a thread that touches a page that has not been moved takes SIGBUS and moves that page itself. The thread that claims a page
/// moves it; others that need it wait in user space.
final class MovingHeap {
    private static final long PAGE = Hardware.PAGE_SIZE;
    private static final long[] SPACES = {0x5000_0000_0000L, 0x6000_0000_0000L};
    /// Pages of one of the collector's ioctls.
    private static final int GC_BATCH = 64;
    private static final long BACK_OFF_NS = 50_000;
    private static final byte UNPROCESSED = 0;
    private static final byte CLAIMED = 1;
    private static final byte MOVED = 2;

    private final Syscalls syscalls;
    /// Null where no collector moves pages.
    private final @Nullable UserfaultFd uffd;
    private final byte[] state;
    private int collections;

    /// @param moves whether pages are ever moved; else it is memory like any other
    MovingHeap(Task task, Syscalls syscalls, int pages, boolean moves) {
        this.syscalls = syscalls;
        this.state = new byte[pages];
        for (long space : SPACES) {
            syscalls.mmap(task, space, pages * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
        }
        syscalls.memory().write(task, SPACES[0], pages * PAGE);
        uffd = moves ? arm(task, pages) : null;
    }

    private UserfaultFd arm(Task task, int pages) {
        UserfaultFd armed = syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS);
        for (long space : SPACES) {
            armed.register(task, space, pages * PAGE, UFFDIO_REGISTER_MODE_MISSING);
        }
        syscalls.onSigbus(this::onSigbus);
        return armed;
    }

    private long from(int page) {
        return SPACES[collections % 2] + page * PAGE;
    }

    private long to(int page) {
        return SPACES[(collections + 1) % 2] + page * PAGE;
    }

    /// A store to an object on `page`.
    void touch(Task task, int page) {
        syscalls.memory().write(task, uffd != null ? to(page) : from(page), 1);
    }

    private void onSigbus(Task task, long address) {
        int page = (int) ((address - to(0)) / PAGE);
        // A collection may have ended since the access; the access is then tried where the page is now.
        if (page >= 0 && page < state.length) {
            if (state[page] == UNPROCESSED) {
                move(task, page, 1);
            }
            await(task, page);
        }
    }

    private void move(Task task, int page, int count) {
        Arrays.fill(state, page, page + count, CLAIMED);
        requireNonNull(uffd).move(task, to(page), from(page), count * PAGE, 0);
        Arrays.fill(state, page, page + count, MOVED);
    }

    private void await(Task task, int page) {
        while (state[page] == CLAIMED) {
            task.sleepUntil(task.now() + BACK_OFF_NS);
        }
    }

    /// One collection, on the HeapTaskDaemon.
    void compact(Task task) {
        int page = 0;
        while (page < state.length) {
            int count = unprocessedFrom(page);
            if (count > 0) {
                move(task, page, count);
            }
            page += Math.max(1, count);
        }
        for (page = 0; page < state.length; page++) {
            await(task, page);
        }
        Arrays.fill(state, UNPROCESSED);
        collections++;
    }

    private int unprocessedFrom(int page) {
        int count = 0;
        while (count < GC_BATCH && page + count < state.length && state[page + count] == UNPROCESSED) {
            count++;
        }
        return count;
    }
}
