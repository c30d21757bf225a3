package io.janklab.allocator.art;

import static io.janklab.allocator.art.JavaHeapRig.DONTNEED;
import static io.janklab.allocator.art.JavaHeapRig.FREE;
import static io.janklab.allocator.art.JavaHeapRig.MIB;
import static io.janklab.allocator.art.JavaHeapRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.art.JavaHeapRig.Advice;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.KernelVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `gc/collector/concurrent_copying.cc` and `gc/space/region_space.cc`, as the kernel and the mutators see them.
final class ConcurrentCopyingTest {
    private static final long DONE = 15_000 * MS;
    private static final String SPACE = "main space (region space)";
    private static final long REGION = 256 << 10;

    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    private JavaHeapRig rig() {
        return new JavaHeapRig(kernels, KernelVersion.V6_17, JavaHeapRig.options(CollectorType.CONCURRENT_COPYING));
    }

    private static void play(JavaHeapRig rig) {
        rig.allocator("main", -10, 80 * MIB);
        rig.allocator("worker", 0, 80 * MIB);
        rig.run(DONE);
    }

    @Test
    void inFrontWhatIsResidentGoesBackByFreeAndTheRestByDontneed() {
        JavaHeapRig rig = rig();
        play(rig);

        List<Advice> advices = rig.advicesOn(SPACE);
        assertThat(advices).anySatisfy(advice -> assertThat(advice.advice()).isEqualTo(FREE));
        assertThat(advices).filteredOn(advice -> advice.length() > REGION).isNotEmpty();
    }

    @Test
    void inTheBackgroundAdjacentRegionsGoBackInOneDontneed() {
        JavaHeapRig rig = rig();
        rig.managed("activity manager", -2, mutator -> rig.heap.updateProcessState(mutator.task, false));
        play(rig);

        List<Advice> advices = rig.advicesOn(SPACE);
        assertThat(advices).allSatisfy(advice -> {
            assertThat(advice.advice()).isEqualTo(DONTNEED);
            assertThat(advice.length() % REGION).isZero();
        });
        assertThat(advices).filteredOn(advice -> advice.length() > 4 * REGION).isNotEmpty();
    }

    @Test
    void explicitCollectionReleasesEagerly() {
        JavaHeapRig rig = rig();
        rig.managed("main", 0, mutator -> {
            rig.heap.allocate(mutator, 2 * MIB);
            rig.heap.collectExplicitly(mutator);
        });
        rig.run(DONE);

        assertThat(rig.slicesOf("main", "Explicit concurrent copying GC")).hasSize(1);
        assertThat(rig.advicesOn(SPACE)).isNotEmpty().allSatisfy(advice -> assertThat(advice.advice()).isEqualTo(DONTNEED));
    }

    @Test
    void youngCollectionsFollowAFullOne() {
        JavaHeapRig rig = rig();
        play(rig);

        List<JavaHeapRig.Slice> collections = rig.slicesOf("HeapTaskDaemon", " GC");
        assertThat(collections.getFirst().name()).isEqualTo("Background concurrent copying GC");
        assertThat(collections.get(1).name()).isEqualTo("Background young concurrent copying GC");
    }

    @Test
    void readBarriersMakeManagedCodeSlowerWhileObjectsAreCopied() {
        assertThat(timeToAllocate(9)).isGreaterThan(timeToAllocate(0));
    }

    /// When a thread is through with its work that computes and allocates (ns).
    private long timeToAllocate(double readBarrierShare) {
        CollectorCosts costs = new CollectorCosts(600_000, 2_000, 130, 20_000, 200_000, readBarrierShare, 120);
        JavaHeapOptions usual = JavaHeapRig.options(CollectorType.CONCURRENT_COPYING);
        JavaHeapOptions options = new JavaHeapOptions(
                usual.collector(), usual.ioctl(), usual.advice(), usual.footprint(), usual.lifetimes(), costs, true);
        JavaHeapRig rig = new JavaHeapRig(kernels, KernelVersion.V6_17, options);
        long[] ended = new long[1];
        rig.managed("main", 0, mutator -> {
            for (int i = 0; i < 4000; i++) {
                rig.heap.allocate(mutator, 16 << 10);
                rig.heap.compute(mutator, 50_000);
            }
            ended[0] = mutator.task.now();
        });
        rig.run(DONE);
        return ended[0];
    }
}
