package io.janklab.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AndroidKernelTest {
    private static KernelProfile kernel(String label) {
        return KernelProfile.byLabel(label, Architecture.ARM64);
    }

    @Test
    void phonesSixOneHasPerVmaLocksAndMainlinesHasNot() {
        assertThat(kernel("6.1").value(Switch.FAULT_VMA_LOCK)).isEqualTo("off");
        assertThat(kernel("android14-6.1").value(Switch.FAULT_VMA_LOCK)).isEqualTo("all");
        assertThat(kernel("android14-6.1").value(Switch.MADVISE_DONTNEED_LOCK)).isEqualTo("mmap");
    }

    @Test
    void onlyKernelsBeforeVmaLocksTryMmapLockInUserfaultfd() {
        assertThat(kernel("android13-5.15").value(Switch.UFFD_LOCK)).isEqualTo("mmap-trylock");
        assertThat(kernel("android13-5.15").value(Switch.FAULT_VMA_LOCK)).isEqualTo("off");
        assertThat(kernel("android14-6.1").value(Switch.UFFD_LOCK)).isEqualTo("mmap");
    }

    @Test
    void readersSpinBeforeFiveElevenOnly() {
        assertThat(kernel("android12-5.10").value(Switch.RWSEM_POLICY)).isEqualTo("reader-spin");
        assertThat(kernel("android12-5.10").value(Switch.UFFD_LOCK)).isEqualTo("mmap-trylock");
        assertThat(kernel("android13-5.15").value(Switch.RWSEM_POLICY)).isEqualTo("linux");
    }

    @ParameterizedTest
    @EnumSource
    void androidsKernelIsMainlinesButForWhatItChanged(AndroidKernel android) {
        Map<String, String> expected = KernelProfile.of(android.base(), Architecture.ARM64).switches();
        android.changes().forEach((changed, value) -> expected.put(changed.key(), value.label()));
        KernelProfile profile = kernel(android.label());

        assertThat(profile.name()).isEqualTo(android.label());
        assertThat(profile.switches()).isEqualTo(expected);
        android.changes().forEach((changed, value) -> assertThat(changed.choices()).contains(value.label()));
    }

    @Test
    void unknownLabelHasNoProfile() {
        assertThat(kernel("android17")).isNull();
        assertThat(KernelProfile.labels()).contains("6.1", "android14-6.1");
    }
}
