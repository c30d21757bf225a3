package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SideBySideTest {
    private static String printed(Experiment workload, Experiment control) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SideBySide.print(workload, control, new PrintStream(bytes, true, StandardCharsets.UTF_8), Ink.PLAIN);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Experiment idle(Experiment like) {
        List<KernelResult> alike = Collections.nCopies(2, like.kernels().getLast());
        return Experiment.of("idle", like.device(), like.headline(), like.seeds(), null, alike, null);
    }

    @Test
    void eachWorkloadIsJudgedByItsOwnRuns() {
        Experiment experiment = Samples.experiment(9);
        String text = printed(experiment, idle(experiment)).replaceAll("\\s+", " ");

        assertThat(text).contains(Headline.sentence(experiment)).contains(Headline.sentence(idle(experiment)));
        assertThat(text)
                .contains("The kernel matters in " + experiment.scenario())
                .contains("makes no difference beyond chance in idle to frameOverrunMs P99.");
    }

    @Test
    void fewSeedsAreNoReasonToSayThatNothingDiffers() {
        Experiment experiment = Samples.experiment(3);
        assertThat(printed(experiment, idle(experiment)).replaceAll("\\s+", " "))
                .contains("With 3 seeds kernel and chance cannot be told apart (with 6 they could) in ")
                .doesNotContain("no difference");
    }

    @Test
    void whatHeldTheUiThreadUpIsSaidOfTheWorstKernel() {
        Experiment experiment = Samples.experiment(9);

        assertThat(printed(experiment, idle(experiment)).replaceAll("\\s+", " "))
                .contains("tasks of lower priority held the UI thread up for")
                .contains("Most of it on 6.12,", "UI waits for mmap_lock");
    }

    @Test
    void everyLineFitsATerminal() {
        Experiment experiment = Samples.experiment(9);

        assertThat(printed(experiment, idle(experiment)).lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(100));
    }
}
