package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        String text = printed(Samples.experiment(6));

        for (String percentile : new String[] {"P50", "P90", "P95", "P99", "max"}) {
            assertThat(text).contains("frameDurationCpuMs " + percentile).contains("frameOverrunMs " + percentile);
        }
        assertThat(text).contains("janky frames", "change", "95 % interval", " … ");
    }

    @Test
    void memoryAndCpuTimeStandBesideTheFrames() {
        assertThat(unwrapped(Samples.experiment(9)))
                .contains("What it takes", "RSS, mean, MiB", "page tables, highest, MiB", "CPU of the app, ms/s",
                "CPU of HeapTaskDaemon, ms/s")
                .contains("Corrected for the 9 metrics of this table by itself");
    }

    @Test
    void chainsAndCausesAreSaidInWords() {
        assertThat(printed(Samples.experiment(2)).replaceAll("\\s+", " "))
                .contains("UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9)")
                .contains("held (read) by HeapTaskDaemon (nice 4)")
                .contains("kernel has no per-VMA path")
                .contains("range spans several VMAs");
    }

    @Test
    void everyKernelsDigestIsPrinted() {
        Experiment experiment = Samples.experiment(2);

        assertThat(printed(experiment))
                .contains(experiment.kernels().stream().map(kernel -> String.format("%016x", kernel.digest())).toList());
    }

    @Test
    void singleRunShowsItsValuesAlone() {
        assertThat(printed(Samples.single())).contains("frameOverrunMs P99").doesNotContain("difference", "interval");
    }

    @Test
    void tooFewSeedsAreAVerdict() {
        assertThat(printed(Samples.experiment(1))).contains("too few seeds", "One seed says nothing of chance",
                "Too few seeds to tell chance from kernel");
        assertThat(unwrapped(Samples.experiment(1))).contains("6 seeds are enough for the headline.").doesNotContain("0 other metrics",
                "for 0 metrics");
    }

    @Test
    void whatSoManySeedsCanProveIsSaid() {
        assertThat(unwrapped(Samples.experiment(5)))
                .contains(
                "With 5 seeds p cannot fall below 0.063, whatever the kernels do: 6 seeds are enough for the headline; 9 for the 9 other "
                + "metrics.");
        assertThat(unwrapped(Samples.experiment(6)))
                .contains("With 6 seeds no other metric can be told from chance after Holm's correction")
                .contains("9 seeds are enough");
        assertThat(unwrapped(Samples.experiment(9))).contains("for the 9 other metrics remains so after Holm's correction");
    }

    private static String unwrapped(Experiment experiment) {
        return printed(experiment).replaceAll("\n  (?=\\S)", " ");
    }

    @ParameterizedTest(name = "{0} seeds")
    @ValueSource(ints = {1, 5, 9})
    void noLineIsWiderThanAHundredColumns(int seeds) {
        assertThat(printed(Samples.bounded(seeds)).lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(100));
    }

    @Test
    void quantitiesStandInForFramesWhereNoneWereDrawn() {
        String text = printed(Samples.ofQuantities());

        assertThat(text).containsPattern("VmPTE kB +105 +45 +-60").doesNotContain("frameOverrunMs");
        assertThat(text).contains("On 6.17 VmPTE is 60 kB lower than on 6.12 (105 kB → 45 kB");
    }

    @Test
    void boundSaysHowMuchThereIsToWin() {
        assertThat(printed(Samples.bounded(9)))
                .containsPattern("bound +won")
                .contains("6.12 with every lock granted at once", "100 %", "of what any change of locks could win");
        assertThat(printed(Samples.experiment(5))).doesNotContain("bound");
    }

    @Test
    void moreThanTwoKernelsAreRanked() {
        assertThat(printed(Samples.ofThree(9))).containsPattern("6\\.12 +3 +3 +3").containsPattern("6\\.17 +1= +1= +1=");
    }

    @Test
    void percentilesAreSketched() {
        assertThat(printed(Samples.experiment(2))).containsPattern("6\\.12 +[0-9.-]+  [▁▂▃▄▅▆▇█]{48}  [0-9.-]+ ms");
    }

    @Test
    void coloursChangeNothingButColours() {
        String coloured = printed(Samples.bounded(9), Ink.COLOURED);

        assertThat(coloured).contains("\u001B[32mlower\u001B[0m");
        assertThat(coloured.replaceAll("\u001B\\[[0-9;]*m", "")).isEqualTo(printed(Samples.bounded(9)));
        assertThat(printed(Samples.bounded(9))).doesNotContain("\u001B");
    }
}
