package io.janklab.allocator.art;

import static io.janklab.allocator.art.JavaHeapRig.MIB;
import static io.janklab.allocator.art.JavaHeapRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.art.JavaHeapRig.Advice;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.uapi.Mman;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `gc/collector/mark_compact.cc`, as the kernel and the mutators see it.
final class MarkCompactTest {
    private static final long DONE = 15_000 * MS;
    private static final String MOVING = "main space";
    private static final String FROM = "concurrent mark-compact from space";

    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    private JavaHeapRig play(CompactionIoctl ioctl, Lifetimes lifetimes) {
        JavaHeapRig rig = new JavaHeapRig(kernels, KernelVersion.V6_17, JavaHeapRig.options(CollectorType.MARK_COMPACT, ioctl, lifetimes));
        rig.allocator("main", -10, 80 * MIB);
        rig.allocator("worker", 0, 80 * MIB);
        rig.run(DONE);
        return rig;
    }

    private JavaHeapRig play() {
        return play(CompactionIoctl.COPY, new Lifetimes(16 * MIB, 0.5, 0.25));
    }

    @Test
    void eachCollectionAdvisesTheArmedSpaceOnceWhichIsItsOnlyFallback() {
        JavaHeapRig rig = play();

        List<Advice> fallbacks = rig.advices.stream().filter(advice -> advice.path() != MadvisePath.VMA_LOCK).toList();
        assertThat(fallbacks).hasSize((int) rig.heap.collections());
        assertThat(fallbacks).allSatisfy(advice -> assertThat(advice.path()).isEqualTo(MadvisePath.FALLBACK_USERFAULTFD));
        assertThat(rig.advicesOn(MOVING)).isEqualTo(fallbacks);
    }

    @Test
    void whoMovesPagesRegistersBeforeItTakesThemAwayAndAdvisesNothing() {
        JavaHeapRig rig = play(CompactionIoctl.MOVE, new Lifetimes(16 * MIB, 0.5, 0.25));

        assertThat(rig.heap.collections()).isGreaterThan(4);
        assertThat(rig.advicesOn(MOVING)).isEmpty();
    }

    @Test
    void fromSpaceGoesBackInStepsOfEightMebibytesAndWholeAtTheEnd() {
        JavaHeapRig rig = play(CompactionIoctl.COPY, new Lifetimes(30 * MIB, 0.5, 0.25));

        List<Advice> advices = rig.advicesOn(FROM);
        List<Advice> whole = advices.stream().filter(advice -> advice.length() == 64 * MIB).toList();
        assertThat(whole).hasSize((int) rig.heap.collections());
        assertThat(advices).hasSizeGreaterThan(2 * whole.size());
        // Four pages are kept back for the next ones to be made in.
        assertThat(advices).allSatisfy(advice -> assertThat(advice.length()).isGreaterThan(8 * MIB - 4 * MemMap.PAGE));
        assertThat(advices.getLast().length()).isEqualTo(64 * MIB);
    }

    @Test
    void threadThatTouchesAMissingPageMakesItItself() {
        JavaHeapRig rig = play();

        assertThat(rig.userfaults.get("main")).isPositive();
        assertThat(rig.userfaults.get("worker")).isPositive();
        assertThat(rig.userfaults).doesNotContainKey("HeapTaskDaemon");
    }

    @Test
    void disarmedSpaceIsOneVmaAgain() {
        JavaHeapRig rig = new JavaHeapRig(kernels, KernelVersion.V6_12, JavaHeapRig.options(CollectorType.MARK_COMPACT));
        int before = rig.vmas();
        rig.allocator("main", -10, 80 * MIB);
        rig.run(DONE);

        assertThat(rig.heap.collections()).isGreaterThan(2);
        assertThat(rig.vmas()).isEqualTo(before);
    }

    @Test
    void daemonCompactsAtItsOwnPriorityThoughPausesRaiseIt() {
        JavaHeapRig rig = play();

        assertThat(rig.daemonNice.get("CompactionPhase")).containsExactly(4);
        assertThat(rig.daemonNice.get("FullSuspendCheck")).contains(0);
    }

    @Test
    void twoPausesStopEveryThreadInManagedCode() {
        JavaHeapRig rig = play();

        long duringCollections = rig.heap.collections() * 2;
        assertThat(rig.slicesOf("main", "FullSuspendCheck").size()).isBetween((int) duringCollections / 4, (int) duringCollections);
        assertThat(rig.slicesOf("HeapTaskDaemon", "Background concurrent mark compact GC")).isNotEmpty();
    }

    @Test
    void whereTheKernelHasTheTrylockModeThreadsBackOffFromMmapLockUntilTheyMayWait() {
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_1, Architecture.ARM64).with(Switch.UFFD_LOCK, SwitchValue.MMAP_TRYLOCK);
        JavaHeapRig rig = new JavaHeapRig(kernels, kernel, JavaHeapRig.options(CollectorType.MARK_COMPACT));
        rig.allocator("main", -10, 80 * MIB);
        rig.allocator("worker", 10, 80 * MIB);
        rig.machine.spawn("mapper", 0, task -> {
            for (int i = 0; i < 4000; i++) {
                long address = rig.machine.syscalls.mmap(task, 0, 16 * MemMap.PAGE, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
                rig.machine.syscalls.memory().write(task, address, 16 * MemMap.PAGE);
                rig.machine.syscalls.munmap(task, address, 16 * MemMap.PAGE);
            }
        });
        rig.run(DONE);

        assertThat(rig.heap.collections()).isGreaterThan(4);
        assertThat(rig.userfaults).containsKeys("main", "worker");
    }
}
