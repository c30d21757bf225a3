package io.janklab.workloads.host.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchedStatTest {
    private static SchedStat of(long ranNs, long waitedNs, long turns) {
        return new SchedStat(ranNs, waitedNs, turns);
    }

    @Test
    void isTheFileOfOneThread() {
        assertThat(SchedStat.parse("98536 96443 2\n")).isEqualTo(of(98_536, 96_443, 2));
    }

    @Test
    void threadsThatWaitForEachOtherLoseNothing() {
        assertThat(SchedStat.takenByOthersNs(List.of(of(200_000_000, 199_000_000, 50), of(199_000_000, 200_000_000, 50)))).isZero();
    }

    @Test
    void whatBothWaitedForIsTakenByOthers() {
        assertThat(SchedStat.takenByOthersNs(List.of(of(190_000_000, 210_000_000, 40), of(190_000_000, 210_000_000, 40))))
                .isEqualTo(20_000_000 - 40 * 50_000);
    }

    @Test
    void theStartOfAHaltedCoreIsNotTakenByOthers() {
        assertThat(SchedStat.takenByOthersNs(List.of(of(390_000_000, 8_000_000, 400)))).isZero();
    }
}
