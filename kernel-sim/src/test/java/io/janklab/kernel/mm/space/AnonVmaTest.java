package io.janklab.kernel.mm.space;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// From folios to VMAs: anon_vmas, their trees, and the families that fork makes (Linux `mm/rmap.c`).
class AnonVmaTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long SEED = 20_25_08;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    @Test
    void treeFindsEveryVmaThatCoversAnOffsetInOrder() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        SplittableRandom random = new SplittableRandom(SEED);
        PageIntervalTree<Vma> tree = new PageIntervalTree<>();
        List<Vma> expected = new ArrayList<>();
        for (int round = 0; round < 2_000; round++) {
            if (random.nextInt(3) > 0) {
                long start = HEAP + round * 0x1_0000_0000L;
                Vma vma = new Vma(machine.mm, start, start + (1 + random.nextInt(50)) * PAGE, random.nextInt(500), VmFlags.VM_READ);
                tree.insert(vma);
                expected.add(vma);
            } else if (!expected.isEmpty()) {
                assertThat(tree.remove(expected.remove(random.nextInt(expected.size())))).isTrue();
            }
            long index = random.nextInt(560);
            List<Vma> found = new ArrayList<>();
            tree.forEach(index, found::add);
            assertThat(found)
                    .as("seed %d round %d", SEED, round)
                    .containsExactlyInAnyOrderElementsOf(expected.stream()
                            .filter(vma -> index >= vma.pgoff() && index < vma.pgoff() + vma.pages()).toList())
                    .isSortedAccordingTo((one, other) -> Long.compare(one.pgoff(), other.pgoff()));
            assertThat(tree.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void childsVmaIsOnItsParentsAnonVmaAndOnOneOfItsOwnUnderOneLock() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, PAGE);
            AnonVma root = machine.mm.vmas().lookup(HEAP).anonVma();
            machine.process.fork(task, "child", (child, self) -> {
                Vma vma = child.mm().vmas().lookup(HEAP);
                assertThat(vma.anonVmaChain()).containsExactly(root, vma.anonVma());
                assertThat(vma.anonVma().rwsem()).isSameAs(root.rwsem());
                assertThat(root.contains(vma)).isTrue();
                assertThat(root.contains(machine.mm.vmas().lookup(HEAP))).isTrue();
            });
        });
    }

    /// A server that forks and whose parent exits, over and over, would else grow its chain by one each time.
    @Test
    void anonVmaThatNobodyAttachesFoliosToIsTakenOverByTheNextChild() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        List<Integer> lengths = new ArrayList<>();
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, PAGE);
            machine.process.fork(task, "generation", (child, self) -> generation(child, self, 8, lengths));
        });
        assertThat(lengths).hasSize(8).allMatch(length -> length <= 3);
    }

    private static void generation(Process process, Task task, int left, List<Integer> lengths) {
        process.syscalls().memory().write(task, HEAP, PAGE);
        lengths.add(process.mm().vmas().lookup(HEAP).anonVmaChain().length);
        if (left > 1) {
            // The child inspects its memory only once its parent has exited.
            process.fork(task, "generation", (child, self) -> {
                self.sleepUntil(self.now() + 20_000_000);
                generation(child, self, left - 1, lengths);
            });
        }
    }
}
