package io.janklab.workloads.host.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.host.sys.OwnThread;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MadviseLockProbeTest {
    @Test
    void callsThatGetThroughTakeTheVmaLock() {
        assertThat(MadviseLockProbe.verdict(6, 0)).isEqualTo("vma");
        assertThat(MadviseLockProbe.verdict(40, 10)).isEqualTo("vma");
    }

    @Test
    void callsThatWaitTakeMmapLock() {
        assertThat(MadviseLockProbe.verdict(0, 6)).isEqualTo("mmap");
        assertThat(MadviseLockProbe.verdict(10, 40)).isEqualTo("mmap");
    }

    @Test
    void fewRoundsOrContraryOnesDecideNothing() {
        assertThat(MadviseLockProbe.verdict(5, 0)).isNull();
        assertThat(MadviseLockProbe.verdict(0, 5)).isNull();
        assertThat(MadviseLockProbe.verdict(30, 20)).isNull();
    }

    /// Advice that sets flags takes mmap_lock for writing on every kernel.
    @Test
    @Tag("host")
    void adviceUnderMmapLockIsSeenToWait() {
        String lock = OwnThread.run(() -> {
            try (MadviseLockProbe probe = new MadviseLockProbe()) {
                return probe.lockOf(Mman.MADV_NOHUGEPAGE, 1);
            }
        });
        assertThat(lock).isIn("mmap", null);
    }
}
