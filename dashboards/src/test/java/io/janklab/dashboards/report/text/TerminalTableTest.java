package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TerminalTableTest {
    private static String printed(Experiment experiment) {
        return printed(experiment, Ink.PLAIN);
    }

    private static String printed(Experiment experiment, Ink ink) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TerminalTable.print(experiment, new PrintStream(bytes, true, StandardCharsets.UTF_8), ink);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyFigureHasItsRowWithDifferenceAndInterval() {
        String text = printed(Samples.experiment(5));

        for (String percentile : new String[] {"P50", "P90", "P95", "P99", "max"}) {
            assertThat(text).contains("frameDurationCpuMs " + percentile).contains("frameOverrunMs " + percentile);
        }
        assertThat(text).contains("janky frames", "difference", "95 % interval", " … ");
    }

    @Test
    void chainsAndCausesAreSaidInWords() {
        assertThat(printed(Samples.experiment(2)))
                .contains("UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9)")
                .contains("held (read) by HeapTaskDaemon (nice 4)")
                .contains("kernel has no per-VMA path")
                .contains("range spans several VMAs");
    }

    @Test
    void everyKernelsDigestIsPrinted() {
        Experiment experiment = Samples.experiment(2);

        assertThat(printed(experiment)).contains(experiment.kernels().stream().map(kernel -> String.format("%016x", kernel.digest())).toList());
    }

    @Test
    void singleRunShowsItsValuesAlone() {
        assertThat(printed(Samples.single())).contains("frameOverrunMs P99").doesNotContain("difference", "interval");
    }

    @Test
    void oneSeedSaysThatItGivesNoInterval() {
        assertThat(printed(Samples.experiment(1))).contains("one seed: no interval");
    }

    @Test
    void whatSoManySeedsCanProveIsSaid() {
        assertThat(printed(Samples.experiment(5)))
                .contains("With 5 seeds p cannot fall below 0.063, whatever the kernels do: 6 seeds are enough for 0.05, 9 after Holm's correction");
        assertThat(printed(Samples.experiment(6))).contains("With 6 seeds p cannot fall below 0.031, nor after Holm's correction")
                .contains("9 seeds are enough for 0.05");
        assertThat(printed(Samples.experiment(9))).contains("metrics compared these differences are beyond chance:").contains("UI inversion (p 0.0");
    }

    @Test
    void quantitiesStandInForFramesWhereNoneWereDrawn() {
        String text = printed(Samples.ofQuantities());

        assertThat(text).containsPattern("VmPTE kB +101 +41 +-60").doesNotContain("frameOverrunMs");
        assertThat(text).contains("VmPTE: 101 kB on 6.12, 41 kB on 6.17");
    }

    @Test
    void boundSaysHowMuchThereIsToWin() {
        assertThat(printed(Samples.bounded(6)))
                .contains("bound  of bound", "6.12 with every lock granted at once", "100 %")
                .contains("of what any change of locks could win");
        assertThat(printed(Samples.experiment(5))).doesNotContain("bound");
    }

    @Test
    void moreThanTwoKernelsAreRanked() {
        assertThat(printed(Samples.ofThree(6))).containsPattern("6\\.12 +3 +3 +3").containsPattern("6\\.17 +1= +1= +1=");
    }

    @Test
    void percentilesAreSketched() {
        assertThat(printed(Samples.experiment(2))).containsPattern("6\\.12 +[0-9.-]+  [▁▂▃▄▅▆▇█]{48}  [0-9.-]+ ms");
    }

    @Test
    void coloursChangeNothingButColours() {
        String coloured = printed(Samples.bounded(6), Ink.COLOURED);

        assertThat(coloured).contains("\u001B[32mlower\u001B[0m");
        assertThat(coloured.replaceAll("\u001B\\[[0-9;]*m", "")).isEqualTo(printed(Samples.bounded(6)));
        assertThat(printed(Samples.bounded(6))).doesNotContain("\u001B");
    }
}
