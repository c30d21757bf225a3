package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExplainCommandTest {
    private static final String[] SHORT = {"--scenario", "map-churn", "--seeds", "2", "--duration", "200ms"};

    private static String[] with(String... more) {
        String[] all = new String[more.length + SHORT.length];
        System.arraycopy(more, 0, all, 0, more.length);
        System.arraycopy(SHORT, 0, all, more.length, SHORT.length);
        return all;
    }

    @Test
    void sharesAddUpToTheChangeAndSilentSwitchesAreNamed() {
        JsonNode found = JsonMapper.shared().readTree(CommandLineRun.ok(with(
                "explain", "6.17", "6.17+fault.vma-lock=off+mseal=off+rwsem.policy=inherit", "--metric", "inversion.uiNs", "--json")))
                        .get("explained");
        double shares = 0;
        double alone = found.at("/interaction/mean").asDouble();
        for (JsonNode part : found.get("switches")) {
            shares += part.at("/share/mean").asDouble();
            alone += part.at("/alone/mean").asDouble();
            for (String figure : new String[] {"share", "alone", "last"}) {
                double middle = (part.at("/" + figure + "/low").asDouble() + part.at("/" + figure + "/high").asDouble()) / 2;
                assertThat(part.at("/" + figure + "/mean").asDouble()).as("within its interval").isCloseTo(middle, within(1e-9));
            }
        }
        double change = found.at("/change/mean").asDouble();
        assertThat(change).isCloseTo(found.at("/to/mean").asDouble() - found.at("/from/mean").asDouble(), within(1e-9));
        assertThat(shares).as("shares").isCloseTo(change, within(1e-9));
        assertThat(alone).as("each by itself, and the interaction").isCloseTo(change, within(1e-9));
        assertThat(found.get("silent").toString()).contains("mseal");
        assertThat(found.at("/switches/0/switch").asString()).isEqualTo("fault.vma-lock");
    }

    @Test
    void theWorstFrameIsToldAndDoneAgainOnEveryOtherKernel() {
        String text = CommandLineRun.ok(with("explain", "6.12", "--frame", "worst"));
        assertThat(text).contains("Where its ").contains("on every other kernel:").contains("\n  6.1: ").contains("\n  7.2: ")
                .doesNotContain("\n  6.12: ");
    }

    @Test
    void aFrameOfTheFirstSeedIsFoundByItsVsyncAndByATimeInIt() {
        String bySpan = CommandLineRun.bad(with("explain", "6.12", "--frame", "999999"));
        assertThat(bySpan).contains("--frame 999999: there is no such frame of seed 1 on 6.12; there are ");
        String first = bySpan.replaceAll("(?s).*there are (\\d+) to .*", "$1");
        String at = bySpan.replaceAll("(?s).*, from ([\\d.]+) ms to .*", "$1");
        String byVsync = CommandLineRun.ok(with("explain", "6.12", "--frame", first));
        assertThat(byVsync).contains("seed 1, at " + at + " ms").contains("\n  7.2: ");
        assertThat(CommandLineRun.ok(with("explain", "6.12", "--frame", at + "ms"))).isEqualTo(byVsync);
    }

    @Test
    void bisectionWithoutADifferenceFindsNone() {
        assertThat(CommandLineRun.ok(with("explain", "7.0", "7.2", "--bisect", "--metric", "frameOverrunMs.P50")))
                .contains("7.2 against 7.0: frameOverrunMs P50").contains("No kernel among these differs")
                .contains("too few seeds could show it");
        assertThat(CommandLineRun.ok(with("explain", "android14-6.1", "android15-6.6", "--bisect", "--metric", "frameOverrunMs.P50")))
                .contains("android15-6.6 against android14-6.1: frameOverrunMs P50");
    }

    @Test
    void whatCannotBeExplainedIsSaid() {
        assertThat(CommandLineRun.bad(with("explain", "6.17", "6.17+rwsem.policy=linux"))).contains("differ in no switch");
        assertThat(CommandLineRun.bad(with("explain", "6.17", "6.12", "--bisect"))).contains("to a later one");
        assertThat(CommandLineRun.bad(with("explain", "android14-6.1", "6.12", "--bisect"))).contains("one of Android's branches");
        assertThat(CommandLineRun.bad(with("explain", "6.17"))).contains("two kernels");
        assertThat(CommandLineRun.bad(with("explain", "--frame", "best"))).contains("--frame takes worst");
        assertThat(CommandLineRun.bad(with("explain", "6.14", "6.17", "--metric", "nothing"))).contains("there is no 'nothing'");
    }

    @Test
    void metricThatThereIsNotIsASentenceWithThoseThereAre() {
        String[] common = {"--metric", "no.such", "--duration", "50ms", "--set", "warmUpS=0", "--seeds", "2"};
        for (String[] kernels : new String[][] {{"7.2", "7.2+mseal=off"}, {"6.1", "6.6", "--bisect"}}) {
            String[] arguments = Stream.of(Stream.of("explain"), Stream.of(kernels), Stream.of(common)).flatMap(words -> words)
                    .toArray(String[]::new);
            assertThat(CommandLineRun.bad(arguments)).contains("--metric: there is no 'no.such'", "; see compare");
        }
    }

    @Test
    void switchThatMakesNoDifferenceIsOneSentence() {
        assertThat(CommandLineRun.ok("explain", "7.2", "7.2+mseal=off", "--duration", "50ms", "--set", "warmUpS=0", "--seeds", "1"))
                .containsIgnoringWhitespaces("what they differ in (mseal) has no effect here, every event is the same.")
                .doesNotContain("interaction");
        assertThat(CommandLineRun.bad("explain", "6.1", "6.6", "--bisect", "--metric", "frameOverrunMs.max"))
                .contains("is the figure of a single frame and cannot be told from chance");
    }
}
