package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.measure.result.LockSite;
import io.janklab.dashboards.measure.result.LockStat;
import io.janklab.dashboards.measure.result.LockStat.Times;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The figures of Linux's `Documentation/locking/lockstat.rst`, printed as there.
final class LockStatTextTest {
    private static final LockStat WRITES = new LockStat(LockClass.MMAP_LOCK, LockMode.WRITE, 46, 84,
            new Times(260, 939_100, 16_371_530, 194_900), 47_291, 2_922_365,
            new Times(160, 2_220_301_690L, 17_464_026_916_320L, 5_975_990), List.of(new LockSite("munmap", 17, 4_000)),
            List.of(new LockStat.Holder("mprotect", 60)));
    private static final LockStat READS = new LockStat(LockClass.MMAP_LOCK, LockMode.READ, 37, 100,
            new Times(1_310, 299_502_610, 325_629_520, 3_256_300), 212_344, 34_316_685,
            new Times(100, 7_744_910, 95_016_910_200L, 2_770), List.of(new LockSite("page fault", 96, 9_000)), List.of());
    private static final LockStat NEVER_WAITED_FOR = new LockStat(LockClass.MUTEX, LockMode.WRITE, 0, 0, new Times(0, 0, 0, 0), 0, 3,
            new Times(10, 20, 40, 10), List.of(), List.of());

    private static List<String> print(LockStat... stats) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LockStatText.print(List.of(stats), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void columnsAreTheKernelsToTheCharacter() {
        assertThat(print(READS, WRITES)).containsSubsequence(
                "lock_stat version 0.4",
                "-".repeat(221),
                " ".repeat(30) + "class name    con-bounces    contentions   waittime-min   waittime-max waittime-total   waittime-avg"
                        + "    acq-bounces   acquisitions   holdtime-min   holdtime-max holdtime-total   holdtime-avg",
                "-".repeat(221),
                "",
                " ".repeat(29) + "mmap_lock-W:            46             84           0.26         939.10       16371.53         194.90"
                        + "          47291        2922365           0.16     2220301.69 17464026916.32        5975.99",
                " ".repeat(29) + "mmap_lock-R:            37            100           1.31      299502.61      325629.52        3256.30"
                        + "         212344       34316685           0.10        7744.91    95016910.20           2.77");
    }

    @Test
    void pointsStandBelowTheirClassFirstWhereTasksWaitedThenWhereTheLockWasTaken() {
        assertThat(print(READS, WRITES)).containsSubsequence(
                " ".repeat(31) + "---------",
                " ".repeat(31) + "mmap_lock             96" + " ".repeat(31) + "page fault",
                " ".repeat(31) + "mmap_lock             17" + " ".repeat(31) + "munmap",
                " ".repeat(31) + "---------",
                " ".repeat(31) + "mmap_lock             60" + " ".repeat(31) + "mprotect",
                ".".repeat(221));
    }

    @Test
    void aClassWithoutContentionIsOneLineAfterTheOthers() {
        assertThat(print(NEVER_WAITED_FOR, READS)).last().asString().startsWith(" ".repeat(35) + "mutex:" + " ".repeat(13) + "0")
                .endsWith("3           0.01           0.02           0.04           0.01");
    }
}
