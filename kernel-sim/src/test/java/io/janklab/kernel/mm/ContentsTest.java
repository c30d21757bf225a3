package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.syscall.ProcessMemory;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.sim.RandomStream;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contents of memory, whatever happens to its pages, against a simple map.
class ContentsTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long ARENA = 0x5000_0000_0000L;
    private static final long HOG = 0x6000_0000_0000L;
    private static final int ARENA_PAGES = 600;
    private static final int STEPS = 1500;
    private static final int STEPS_OF_A_CHILD = 100;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void memoryHoldsWhatWasStoredLast(long seed) {
        KernelVersion version = KernelVersion.values()[(int) seed % KernelVersion.values().length];
        KernelProfile profile = KernelProfile.of(version, Architecture.ARM64);
        Machine machine = kernel.boot(seed, Hardware.symmetric(Architecture.ARM64, 2, 4000 * PAGE), profile);
        machine.memory.keepContents();
        RandomStream random = machine.kernel.simulation().random("contents");
        machine.run(task -> new Program(machine.process, random, new TreeMap<>(), seed).run(task, STEPS));
        assertThat(machine.memory.vmstat().get(VmStat.Item.PGLAZYFREED)).as("seed %d: pages taken under pressure", seed).isPositive();
    }

    /// What a page must hold: `stamp`, or, after MADV_FREE, zero instead.
    private record Page(long stamp, boolean lazyfree) {}

    private static final class Program {
        private final Process process;
        private final Syscalls syscalls;
        private final ProcessMemory memory;
        private final RandomStream random;
        private final NavigableMap<Long, Page> model;
        private final long seed;
        private long lastStamp;

        Program(Process process, RandomStream random, NavigableMap<Long, Page> model, long seed) {
            this.process = process;
            this.syscalls = process.syscalls();
            this.memory = (ProcessMemory) syscalls.memory();
            this.random = random;
            this.model = model;
            this.seed = seed;
            // No two processes store the same stamp.
            this.lastStamp = (long) process.tgid() << Integer.SIZE;
        }

        void run(Task task, int steps) {
            for (int i = 0; i < steps; i++) {
                step(task);
            }
            model.keySet().forEach(address -> check(task, address));
        }

        private void step(Task task) {
            long start = ARENA + random.nextInt(ARENA_PAGES) * PAGE;
            long end = start + (1 + random.nextInt(30)) * PAGE;
            Map<Long, Page> range = model.subMap(start, end);
            switch (random.nextInt(12)) {
                case 0 -> {
                    assertThat(syscalls.mmap(task, start, end - start, PROT_RW, ANON_FIXED)).isEqualTo(start);
                    for (long address = start; address < end; address += PAGE) {
                        model.put(address, new Page(0, false));
                    }
                }
                case 1 -> {
                    assertThat(syscalls.munmap(task, start, end - start)).isZero();
                    range.clear();
                }
                case 2 -> {
                    syscalls.madvise(task, start, end - start, MADV_DONTNEED);
                    range.replaceAll((address, page) -> new Page(0, false));
                }
                case 3 -> {
                    syscalls.madvise(task, start, end - start, MADV_FREE);
                    range.replaceAll((address, page) -> new Page(page.stamp, true));
                }
                case 4 -> {
                    syscalls.mprotect(task, start, end - start, PROT_READ);
                    range.keySet().forEach(address -> check(task, address));
                    syscalls.mprotect(task, start, end - start, PROT_RW);
                    // A hole ends mprotect early, with what came before it changed; both calls alike.
                }
                case 5 -> syscalls.madvise(task, start, end - start, random.nextInt(2) == 0 ? MADV_DONTDUMP : MADV_DODUMP);
                case 6 -> {
                    fork(task);
                    pressure(task);
                }
                case 7, 8 -> range.keySet().forEach(address -> check(task, address));
                default -> range.replaceAll((address, page) -> store(task, address));
            }
        }

        /// A store for which there is no memory changes nothing (a real process would be killed).
        private Page store(Task task, long address) {
            try {
                memory.store(task, address, ++lastStamp);
                return new Page(lastStamp, false);
            } catch (OutOfMemoryKill e) {
                return model.get(address);
            }
        }

        private void check(Task task, long address) {
            Page page = model.get(address);
            try {
                long held = memory.load(task, address);
                if (!(page.lazyfree && held == 0)) {
                    assertThat(held).as("seed %d: %s at %x", seed, process.name(), address).isEqualTo(page.stamp);
                }
            } catch (OutOfMemoryKill e) {
                task.compute(1_000);
            }
        }

        /// Now and then a task allocates nearly all of memory, and frees it.
        private void pressure(Task task) {
            if (random.nextInt(10) == 0) {
                MemoryManager machine = process.mm().memory();
                long length = (machine.frames().free() - machine.watermarks().min()) * PAGE;
                syscalls.mmap(task, HOG, length, PROT_RW, ANON_FIXED);
                syscalls.madvise(task, HOG, length, MADV_POPULATE_WRITE);
                syscalls.munmap(task, HOG, length);
            }
        }

        /// The child sees what its parent had, and neither sees what the other stores from then on.
        private void fork(Task task) {
            if (random.nextInt(20) == 0) {
                TreeMap<Long, Page> copy = new TreeMap<>(model);
                process.fork(task, "child", (child, childTask) -> new Program(child, random, copy, seed).run(childTask, STEPS_OF_A_CHILD));
            }
        }
    }
}
