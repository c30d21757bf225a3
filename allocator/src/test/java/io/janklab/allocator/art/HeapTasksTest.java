package io.janklab.allocator.art;

import static io.janklab.allocator.art.JavaHeapRig.MIB;
import static io.janklab.allocator.art.JavaHeapRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.art.JavaHeapRig.Slice;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.KernelVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The HeapTaskDaemon's tasks, and their times.
final class HeapTasksTest {
    private static final String TABLES = "indirect ref table";

    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    private JavaHeapRig rig() {
        return new JavaHeapRig(kernels, KernelVersion.V6_17, JavaHeapRig.options(CollectorType.MARK_COMPACT));
    }

    private void collectTwice(JavaHeapRig rig) {
        rig.managed("main", 0, mutator -> {
            rig.heap.collectExplicitly(mutator);
            rig.heap.collectExplicitly(mutator);
        });
    }

    @Test
    void trimComesFiveSecondsAfterACollectionOnceForSeveral() {
        JavaHeapRig rig = rig();
        collectTwice(rig);
        rig.run(4_900 * MS);
        assertThat(rig.heap.collections()).isEqualTo(2);
        assertThat(rig.advicesOn(TABLES)).isEmpty();
        rig.run(10_000 * MS);
        assertThat(rig.advicesOn(TABLES)).hasSize(1);
    }

    @Test
    void processThatGoesToTheBackgroundIsCompactedIfEnoughHasBeenAllocated() {
        JavaHeapRig rig = rig();
        rig.managed("main", 0, mutator -> {
            rig.heap.allocate(mutator, 8 * MIB);
            rig.heap.updateProcessState(mutator.task, false);
        });
        rig.run(10_000 * MS);
        assertThat(rig.slicesOf("HeapTaskDaemon", " GC")).extracting(Slice::name)
                .containsExactly("CollectorTransition concurrent mark compact GC");
    }

    @Test
    void hardlyAnythingAllocatedIsNotWorthATransitionAndComingBackIsNone() {
        JavaHeapRig rig = rig();
        rig.managed("main", 0, mutator -> {
            rig.heap.updateProcessState(mutator.task, false);
            rig.heap.updateProcessState(mutator.task, true);
        });
        rig.run(10_000 * MS);
        assertThat(rig.heap.collections()).isZero();
    }

    @Test
    void afterForkTheHeapMayGrowToItsLimitForTwoSecondsAndIsCutInTwoSteps() {
        JavaHeapRig rig = rig();
        rig.managed("main", 0, mutator -> rig.heap.postForkChildAction(mutator.task, 7));
        rig.run(1_900 * MS);
        assertThat(rig.heap.targetFootprint()).isEqualTo(64 * MIB);
        rig.run(200 * MS);
        assertThat(rig.heap.targetFootprint()).as("a quarter of the limit").isEqualTo(16 * MIB);
        rig.run(8_000 * MS);
        assertThat(rig.heap.targetFootprint()).as("the initial size").isEqualTo(4 * MIB);
        rig.run(10_000 * MS);
        assertThat(rig.heap.collections()).as("18 s and 7 ms after the fork, as none had been").isEqualTo(1);
        rig.run(6_000 * MS);
    }

    @Test
    void nativeMemoryThatHangsOnJavaObjectsHasThemCollected() {
        JavaHeapRig rig = rig();
        rig.managed("main", 0, mutator -> {
            for (int i = 0; i < 200; i++) {
                rig.heap.registerNativeAllocation(mutator, MIB);
            }
        });
        rig.run(10_000 * MS);
        List<Slice> collections = rig.slicesOf("HeapTaskDaemon", " GC");
        assertThat(collections.getFirst().name()).isEqualTo("NativeAlloc concurrent mark compact GC");
    }
}
