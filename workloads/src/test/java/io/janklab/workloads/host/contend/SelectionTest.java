package io.janklab.workloads.host.contend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.host.contend.Contention.Range;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.input.BadInput;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SelectionTest {
    private static HostProperties refuses(String... lines) {
        return new HostProperties(Arrays.stream(lines).map(line -> HostProperty.leftOut("it", "no", "not used", line)).toList());
    }

    @Test
    void hostThatRefusesNothingRunsEveryWorkload() {
        assertThat(new Selection("", HostProperties.UNKNOWN).workloads()).isEqualTo(Contention.all());
        assertThat(new Selection("", HostProperties.UNKNOWN).sentences()).isEmpty();
    }

    @Test
    void hostWithoutUserfaultfdRunsThoseThatNeedNone() {
        Selection selection = new Selection("", refuses("uffd_register: this host has no userfaultfd for this process."));

        assertThat(selection.workloads()).hasSize(144).noneMatch(each -> each.range() == Range.ARMED);
        assertThat(selection.sentences()).isEqualTo(List.of("72 workloads left out: this host has no userfaultfd for this process."));
    }

    @Test
    void hostThatRefusesWhatEveryWantedOneNeedsSaysSo() {
        assertThatThrownBy(() -> new Selection("userfaultfd", refuses("uffd_register: there is none.")))
                .isInstanceOf(HostRefusal.class).hasMessage("72 workloads left out: there is none.");
    }

    @Test
    void partOfNoNameIsBadInput() {
        assertThatThrownBy(() -> new Selection("mlock", HostProperties.UNKNOWN))
                .isInstanceOf(BadInput.class).hasMessage("No workload's name contains 'mlock'.");
    }
}
