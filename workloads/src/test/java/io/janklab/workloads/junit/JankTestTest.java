package io.janklab.workloads.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.api.Jank;
import io.janklab.workloads.api.Janklab;
import io.janklab.workloads.input.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

final class JankTestTest {
    static final class Budgets {
        @JankTest(kernel = "6.17", seeds = 1, seconds = 0.3)
        void kept(Jank jank) {
            JankAssertions.assertThat(jank).hasOverrunAtMost(50, 0);
        }

        @JankTest(kernel = "6.17", seeds = 1, seconds = 0.3, set = "frame.traversal.medianUs=30000")
        void broken(Jank jank) {
            JankAssertions.assertThat(jank).hasOverrunAtMost(50, 0);
        }
    }

    @Test
    void budgetThatIsBrokenFailsAndOneThatIsKeptDoesNot() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(Budgets.class))
                .execute()
                .testEvents()
                .assertStatistics(tests -> tests.succeeded(1).failed(1));
    }

    @Test
    void failureSaysByHowMuchAndOnWhichKernel() {
        Jank jank = Janklab.scenario("scroll").with("frame.traversal.medianUs", 30_000).seeds(1).seconds(0.3).run();

        assertThatThrownBy(() -> JankAssertions.assertThat(jank).hasOverrunAtMost(50, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("percentile 50.0 of frame overrun on 6.17 to be at most 0.0 ms, but it was");
    }

    @Test
    void sameFiguresAsTheCommandLines() {
        Jank jank = Janklab.scenario("pte-bloat").with("pteBloat.mappedGiB", 1).with("pt-reclaim", "off").on("desktop-x86").seeds(1).run();

        assertThat(jank.quantity("VmPTE")).isGreaterThan(2_048);
        assertThatThrownBy(() -> jank.quantity("VmPTEs")).isInstanceOf(BadInput.class).hasMessageContaining("did you mean 'VmPTE'?");
    }

    @Test
    void readmeQuotesTheExample() throws Exception {
        String example = Files.readString(Path.of("src/test/java/io/janklab/workloads/junit/JankBudgetExampleTest.java"));
        String body = example.substring(example.indexOf("class JankBudgetExampleTest"));

        assertThat(Files.readString(Path.of("README.md"))).contains(body.strip());
    }
}
