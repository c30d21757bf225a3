package io.janklab.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A kernel as of one of its point releases (`--as-of 6.6.57`).
class PointReleaseTest {
    private static KernelProfile kernel(String label) {
        KernelProfile kernel = KernelProfile.byLabel(label, Architecture.ARM64);
        assertThat(kernel).as(label).isNotNull();
        return kernel;
    }

    /// Rules that are not simply switches of a version: CVE-2023-3269, CVE-2024-50066, CVE-2025-38242, CVE-2026-23077.
    @ParameterizedTest
    @CsvSource({
        "6.1.36,  rule.stack-grows-under-write-lock",
        "6.6.0,   rule.mremap-pmd-recheck",
        "6.6.57,  rule.mremap-pmd-recheck",
        "6.12.36, rule.move-swap-cache",
        "6.14.11, rule.move-swap-cache",
        "6.17.13, rule.mremap-merge-anon-vma"
    })
    void lacksTheRuleWhoseFixCameLater(String release, String rule) {
        assertThat(changedFromSeries(release)).containsExactly(rule);
        assertThat(kernel(release).name()).isEqualTo(release);
    }

    @ParameterizedTest
    @CsvSource({"6.1.37", "6.6.58", "6.12.37", "6.19.0", "7.2.1"})
    void isLikeItsSeriesOnceItHasTheFixes(String release) {
        assertThat(changedFromSeries(release)).isEmpty();
    }

    private static List<String> changedFromSeries(String release) {
        KernelProfile asOf = kernel(release);
        KernelProfile series = kernel(release.substring(0, release.lastIndexOf('.')));
        return series.differencesTo(asOf).stream().map(Switch::key).toList();
    }

    /// CVE-2025-38554 and CVE-2026-23077, in releases of which no series with a profile of its own had.
    @Test
    void aSeriesBetweenHasPointReleasesToo() {
        assertThat(kernel("6.16.0").differencesTo(kernel("6.16.1"))).containsExactly(Switch.RULE_VMA_READER_PINS_MM);
        assertThat(kernel("6.16.1").is(Switch.MADVISE_DONTNEED_LOCK, SwitchValue.MMAP)).isTrue();
        assertThat(kernel("6.18.7").differencesTo(kernel("6.18.8"))).containsExactly(Switch.RULE_MREMAP_MERGE_ANON_VMA);
        assertThat(KernelProfile.byLabel("6.16", Architecture.ARM64)).isNull();
    }

    @Test
    void thereIsNoPointReleaseOfASeriesWithoutAProfile() {
        assertThat(KernelProfile.byLabel("6.10.3", Architecture.ARM64)).isNull();
        assertThat(KernelProfile.byLabel("6.6.x", Architecture.ARM64)).isNull();
    }

    @Test
    void itsSwitchesCanBeSetLikeAnyKernels() {
        assertThat(kernel("6.6.57").with(Switch.THP, SwitchValue.NEVER).name()).isEqualTo("6.6.57+thp=never");
    }
}
