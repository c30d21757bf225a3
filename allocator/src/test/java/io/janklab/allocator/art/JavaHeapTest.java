package io.janklab.allocator.art;

import static io.janklab.allocator.art.JavaHeapRig.MIB;
import static io.janklab.allocator.art.JavaHeapRig.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Properties of both collectors, on every kernel.
final class JavaHeapTest {
    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    static Stream<Arguments> collectorsOnKernels() {
        return Stream.of(KernelVersion.values()).flatMap(version -> Stream.of(
                Arguments.of(version, CollectorType.CONCURRENT_COPYING, CompactionIoctl.COPY),
                Arguments.of(version, CollectorType.MARK_COMPACT, CompactionIoctl.COPY),
                Arguments.of(version, CollectorType.MARK_COMPACT, CompactionIoctl.MOVE)));
    }

    private JavaHeapRig play(KernelVersion version, CollectorType collector, CompactionIoctl ioctl) {
        JavaHeapRig rig = new JavaHeapRig(kernels, version, JavaHeapRig.options(collector, ioctl, new Lifetimes(16 * MIB, 0.5, 0.25)));
        rig.allocator("main", -10, 60 * MIB);
        rig.allocator("worker-1", 0, 60 * MIB);
        rig.allocator("worker-2", 10, 30 * MIB);
        rig.run(15_000 * MS);
        return rig;
    }

    @ParameterizedTest
    @MethodSource("collectorsOnKernels")
    void heapStaysWithinItsLimitAndRunsAreRepeatable(KernelVersion version, CollectorType collector, CompactionIoctl ioctl) {
        JavaHeapRig first = play(version, collector, ioctl);
        JavaHeapRig second = play(version, collector, ioctl);

        assertThat(first.heap.collections()).isGreaterThan(4);
        assertThat(first.heap.allocatedBytes()).isBetween(16 * MIB, 64 * MIB);
        assertThat(first.machine.mm.residentPages() * 4096).isLessThan(80 * MIB);
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.advices).isEqualTo(first.advices);
    }

    @Test
    void threadThatFindsNoMemoryWaitsForTheCollectionThatIsOnOrCollectsItself() {
        JavaHeapRig rig = new JavaHeapRig(kernels, KernelVersion.V6_17, JavaHeapRig.options(CollectorType.MARK_COMPACT));
        for (int i = 0; i < 4; i++) {
            rig.managed("main-" + i, -10, mutator -> {
                for (int piece = 0; piece < 100; piece++) {
                    rig.heap.allocate(mutator, MIB);
                }
            });
        }
        rig.run(15_000 * MS);

        List<String> slices = rig.slices.stream().filter(slice -> slice.thread().startsWith("main")).map(JavaHeapRig.Slice::name).toList();
        assertThat(slices).contains("GC: Wait For Completion Alloc");
        assertThat(rig.heap.allocatedBytes()).isLessThanOrEqualTo(64 * MIB);
    }

    @Test
    void whatCannotBeFreedIsOutOfMemory() {
        JavaHeapRig rig = new JavaHeapRig(kernels, KernelVersion.V6_17, JavaHeapRig.options(CollectorType.CONCURRENT_COPYING));
        List<String> messages = new ArrayList<>();
        rig.managed("main", 0, mutator -> {
            try {
                rig.heap.allocateArray(mutator, 65 * MIB);
            } catch (OutOfJavaHeap e) {
                messages.add(e.getMessage());
            }
        });
        rig.run(15_000 * MS);

        assertThat(rig.slicesOf("main", "Alloc concurrent copying GC")).hasSize(1);
        assertThat(messages).singleElement().asString().startsWith("Failed to allocate a 68157440 byte allocation");
    }

    @Test
    void liveHeapMustFitTwiceIntoTheLimit() {
        Lifetimes tooMuch = new Lifetimes(40 * MIB, 0.5, 0.1);
        JavaHeapOptions options = JavaHeapRig.options(CollectorType.MARK_COMPACT, CompactionIoctl.COPY, tooMuch);

        assertThatThrownBy(() -> new JavaHeapRig(kernels, KernelVersion.V6_17, options)).hasRootCauseInstanceOf(OutOfJavaHeap.class);
    }
}
