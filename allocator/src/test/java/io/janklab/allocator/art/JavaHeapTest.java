package io.janklab.allocator.art;

import static io.janklab.allocator.art.JavaHeapRig.MIB;
import static io.janklab.allocator.art.JavaHeapRig.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.KernelVersion;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What both collectors do, on every kernel.
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
}
