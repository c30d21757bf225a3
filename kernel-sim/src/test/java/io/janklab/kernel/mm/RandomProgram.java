package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;

import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.syscall.ProcFd;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.sim.RandomStream;

/// One task that makes random calls, all on the same few pages.
final class RandomProgram {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long ARENA = 0x5000_0000_0000L;
    private static final int ARENA_PAGES = 2048;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final int CALLS_OF_A_CHILD = 20;
    private static final int[] ADVICE = {
        MADV_DONTNEED, MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_FREE, MADV_FREE, MADV_COLD, MADV_NORMAL, MADV_RANDOM, MADV_DONTDUMP,
        MADV_DODUMP, MADV_DONTFORK, MADV_DOFORK, MADV_WIPEONFORK, MADV_KEEPONFORK, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
        MADV_GUARD_INSTALL, MADV_GUARD_REMOVE, MADV_PAGEOUT, MADV_PAGEOUT, MADV_WILLNEED, MADV_REMOVE, 1212
    };
    private static final int[] PROTECTIONS = {PROT_RW, PROT_RW, PROT_RW, PROT_READ, PROT_NONE};
    private static final int[] UFFD_MODES = {UFFDIO_REGISTER_MODE_MISSING, UFFDIO_REGISTER_MODE_WP};

    private final Process process;
    private final Syscalls syscalls;
    private final VirtualFile file;
    private final RandomStream random;
    private UserfaultFd uffd;

    RandomProgram(Process process, VirtualFile file, RandomStream random) {
        this.process = process;
        this.file = file;
        this.syscalls = process.syscalls();
        this.random = random;
    }

    void run(Task task, int calls) {
        for (int i = 0; i < calls; i++) {
            try {
                step(task);
            } catch (SegmentationFault | BusError | OutOfMemoryKill e) {
                // A real process would be dead; this one tries something else.
                task.compute(1_000);
            }
        }
    }

    private void step(Task task) {
        long start = ARENA + random.nextInt(ARENA_PAGES) * PAGE;
        long length = (1 + random.nextInt(random.nextInt(4) == 0 ? 700 : 20)) * PAGE;
        switch (random.nextInt(36)) {
            case 0 -> mapFile(task, start, length);
            case 1, 2, 3 -> syscalls.mmap(task, start, length, oneOf(PROTECTIONS), ANON_FIXED);
            case 4, 5 -> syscalls.munmap(task, start, length);
            case 6, 7 -> syscalls.mprotect(task, start, length, oneOf(PROTECTIONS));
            case 8, 9, 10, 11, 12 -> syscalls.madvise(task, start, length, oneOf(ADVICE));
            case 13, 14 -> syscalls.copyToUser(task, start + random.nextInt(4096), length);
            case 15 -> syscalls.copyFromUser(task, start + random.nextInt(4096), length);
            case 16, 17 -> syscalls.memory().read(task, start, length);
            case 18 -> userfaultfd(task, start, length);
            case 19 -> fork(task);
            case 20, 21 -> mremap(task, start, length);
            case 22 -> syscalls.mlock(task, start, length);
            case 23, 24 -> syscalls.munlock(task, start, length);
            case 25 -> syscalls.mincore(task, start, length, new byte[(int) (length / PAGE)]);
            case 26 -> syscalls.brk(task, syscalls.brk(task, 0) + (random.nextInt(41) - 20) * PAGE);
            case 27 -> syscalls.setAnonName(task, start, length, random.nextInt(2) == 0 ? "heap" : null);
            case 28 -> syscalls.processMadvise(task, process.tgid(), new long[] {start, start + length}, new long[] {length, length},
                    oneOf(ADVICE), 0);
            case 29 -> read(task, random.nextInt(2) == 0
                    ? syscalls.openMaps(task, process.tgid())
                    : syscalls.openSmaps(task, process.tgid()));
            case 30 -> syscalls.mmap(task, start, length, PROT_RW, ANON_FIXED | MAP_GROWSDOWN);
            case 31 -> seal(task, start);
            default -> syscalls.memory().write(task, start, length);
        }
    }

    /// The file is gone once its process is.
    private static void read(Task task, ProcFd file) {
        if (file != null) {
            file.read(task);
        }
    }

    /// Rarely, and little: sealed memory stays.
    private void seal(Task task, long start) {
        if (random.nextInt(8) == 0) {
            syscalls.mseal(task, start, PAGE, 0);
        }
    }

    private int oneOf(int[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    /// Missing pages raise SIGBUS, so that no task waits for a manager.
    private void userfaultfd(Task task, long start, long length) {
        if (uffd == null) {
            uffd = syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS);
        }
        long elsewhere = ARENA + random.nextInt(ARENA_PAGES) * PAGE;
        switch (random.nextInt(6)) {
            case 0 -> uffd.register(task, start, length, oneOf(UFFD_MODES));
            case 1 -> uffd.unregister(task, start, length);
            case 2 -> uffd.copy(task, start, elsewhere, length, 0);
            case 3 -> uffd.zeropage(task, start, length, 0);
            case 4 -> uffd.move(task, start, elsewhere, length, UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES);
            default -> uffd.writeProtect(task, start, length, random.nextInt(2));
        }
    }

    private void mapFile(Task task, long start, long length) {
        int sharing = random.nextInt(3) == 0 ? MAP_SHARED : MAP_PRIVATE;
        syscalls.mmap(task, start, length, oneOf(PROTECTIONS), sharing | MAP_FIXED, file, random.nextInt(8) * PAGE);
    }

    private void mremap(Task task, long start, long length) {
        long newLength = (1 + random.nextInt(40)) * PAGE;
        long target = ARENA + random.nextInt(ARENA_PAGES) * PAGE;
        switch (random.nextInt(4)) {
            case 0 -> syscalls.mremap(task, start, length, newLength, 0, 0);
            case 1 -> syscalls.mremap(task, start, length, newLength, MREMAP_MAYMOVE, 0);
            case 2 -> syscalls.mremap(task, start, length, length, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
            default -> syscalls.mremap(task, start, length, newLength, MREMAP_MAYMOVE | MREMAP_FIXED, target);
        }
    }

    /// Now and then. The child runs for a while, and ends.
    private void fork(Task task) {
        if (random.nextInt(8) == 0) {
            process.fork(task, "child", (child, childTask) ->
                    new RandomProgram(child, file, random).run(childTask, random.nextInt(CALLS_OF_A_CHILD)));
        }
    }
}
