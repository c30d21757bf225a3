package io.janklab.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class KernelProfileTest {
    private final KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);

    @Test
    void askingForAValueThatTheSwitchDoesNotTakeFails() {
        assertThatThrownBy(() -> kernel.is(Switch.FAULT_VMA_LOCK, SwitchValue.FOLIO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("switch fault.vma-lock takes off or anon or all, not 'folio'");
    }

    @Test
    void settingAValueThatTheSwitchDoesNotTakeFails() {
        assertThatThrownBy(() -> kernel.with(Switch.PT_RECLAIM, SwitchValue.MMAP)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kernel.with(Switch.PT_RECLAIM, "On")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyKernelSetsEverySwitchToAValueItTakes() {
        for (String label : KernelProfile.labels()) {
            KernelProfile each = KernelProfile.byLabel(label, Architecture.X86_64);
            assertThat(Switch.values()).as(label).allSatisfy(key -> assertThat(key.choices()).contains(each.value(key)));
        }
    }

    @Test
    void everyValueIsTakenBySomeSwitch() {
        assertThat(SwitchValue.values())
                .allSatisfy(value -> assertThat(Arrays.stream(Switch.values()).anyMatch(key -> key.choices().contains(value.label())))
                        .isTrue());
    }
}
