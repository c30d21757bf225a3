package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A comparison beside its control: what `janklab compare` shows by itself.
final class ControlTest extends InScratchFolder {
    private static final int SCREEN = 40;

    private int compare(String... more) {
        List<String> words = new ArrayList<>(List.of("compare", "--seeds", "2", "--duration", "200ms", "--out", out.toString()));
        words.addAll(List.of(more));
        stdout.getBuffer().setLength(0);
        return execute(words.toArray(String[]::new));
    }

    @Test
    void compareByItselfShowsABusyPhoneAndItsControlOnOneScreen() {
        assertThat(compare()).isZero();

        assertThat(stdout.toString()).contains("6.1 ", "6.12").contains("busy ", "scroll ").contains("held the UI thread up for");
        assertThat(stdout.toString().lines()).hasSizeLessThanOrEqualTo(SCREEN);
        assertThat(out.resolve("report.html")).exists();
        assertThat(out.resolve("control/report.html")).exists();
    }

    @Test
    void defaultIsWhatItsHelpSaysItIs() {
        assertThat(compare()).isZero();
        String byItself = stdout.toString();
        assertThat(compare("--kernels", "6.1,6.12", "--scenario", "busy", "--control", "scroll")).isZero();

        assertThat(stdout.toString()).isEqualTo(byItself);
    }

    @Test
    void workloadOrKernelsOfOnesOwnAreComparedAlone() {
        assertThat(compare("--kernels", "6.1,6.17", "--no-bound")).isZero();
        assertThat(stdout.toString()).startsWith("scroll on pixel-6");

        assertThat(compare("--scenario", "busy", "--no-bound")).isZero();
        assertThat(stdout.toString()).startsWith("busy on pixel-6").doesNotContain("6.1 ");
        assertThat(out.resolve("control")).doesNotExist();
    }

    @Test
    void controlGoesWhereNoneIsAskedForAnyMore() throws IOException {
        assertThat(compare("--control", "scroll", "--kernels", "6.12,6.17", "--scenario", "busy")).isZero();
        Files.writeString(out.resolve("control/gfxinfo-5.15.txt"), "of an earlier time");
        assertThat(compare("--control", "scroll", "--kernels", "6.12,6.17", "--scenario", "busy")).isZero();

        try (var files = Files.list(out.resolve("control"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("result.json", "gfxinfo-6.12.txt").doesNotContain("gfxinfo-5.15.txt");
        }
    }

    @Test
    void verboseHasAllOfBoth() {
        assertThat(compare("--verbose")).isZero();

        assertThat(stdout.toString()).contains("Scenario busy: ", "Scenario scroll: ").contains("madvise on 6.12");
    }

    @Test
    void jsonHasTheControlInIt() {
        assertThat(compare("--json")).isZero();

        JsonNode json = JsonMapper.shared().readTree(stdout.toString());
        assertThat(json.get("scenario").asString()).isEqualTo("busy");
        assertThat(json.get("control").get("scenario").asString()).isEqualTo("scroll");
        assertThat(json.get("control").get("kernels")).hasSize(2);
    }

    @Test
    void controlGoesWithScenariosOnly() {
        assertThat(compare("--a", "kernel=6.12,scenario=busy", "--b", "kernel=6.17,scenario=busy", "--control", "scroll"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("--control is a second scenario");
        assertThat(compare("--verbose", "--kernels", "6.12,6.17")).isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void busyPhoneIsAFlingsButForItsJobs() {
        Scenario busy = Scenario.find("busy", Map.of("load.jobs.threads", "0", "durationS", "20"));
        Scenario scroll = Scenario.find("scroll", Map.of());

        assertThat(busy).usingRecursiveComparison().ignoringFields("name", "description").isEqualTo(scroll);
    }
}
