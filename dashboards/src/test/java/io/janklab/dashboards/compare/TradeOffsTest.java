package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.report.html.TradeOffHtml;
import io.janklab.dashboards.report.json.TradeOffJson;
import io.janklab.dashboards.report.text.TradeOffText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TradeOffsTest {
    private static TradeOffs of(int seeds) {
        return TradeOffs.of("scroll", "pixel-6", Samples.HEADLINE,
                List.of(Samples.kernel("in-use", "mmap", seeds), Samples.kernel("same", "mmap", seeds),
                        Samples.kernel("kernel-6.17", "vma", seeds)));
    }

    @Test
    void settingThatSavesMostLateFramesComesFirst() {
        assertThat(of(10).others()).extracting(TradeOff::setting).containsExactly("kernel-6.17", "same");
        assertThat(TradeOffText.verdict(of(10))).contains("late frames fewer with kernel-6.17").contains("no difference in memory");
    }

    @Test
    void settingThatIsBeatenIsNotOnTheFront() {
        TradeOffs tradeOffs = of(10);

        assertThat(tradeOffs.front()).extracting(TradeOff::setting).contains("kernel-6.17");
        assertThat(tradeOffs.others().getFirst().cpu().verdict()).as("what it costs: no thread waits any more")
                .isEqualTo(Comparison.Verdict.HIGHER);
        assertThat(tradeOffs.isInUseOnFront()).as("it takes less CPU").isTrue();
    }

    @Test
    void whatIsNotBeyondChanceCountsAsNoDifference() {
        TradeOffs tradeOffs = of(2);

        assertThat(tradeOffs.others()).noneMatch(TradeOff::matters).noneMatch(TradeOff::onFront);
        assertThat(TradeOffText.verdict(tradeOffs)).isEqualTo("None of 2 settings saves late frames beyond chance.");
        assertThat(TradeOffText.meaning(tradeOffs)).contains("Nothing can be told from chance with 2 seeds: 8 are enough");
    }

    @Test
    void settingWhoseRunsWereTheSameEventsSaysSo() {
        assertThat(of(10).others()).filteredOn(each -> each.setting().equals("same")).singleElement().matches(TradeOff::changesNothing);
    }

    @Test
    void pictureHasEverySettingWithItsFiguresInWords() {
        String page = TradeOffHtml.text(of(10), Map.of("in-use", "kernel 6.12", "kernel-6.17", "kernel 6.17, heap.decayMs=<0>"));

        assertThat(page).contains("<title>kernel-6.17: late frames -", "class=\"front\"", "role=\"img\"", "What is in use: kernel 6.12.",
                "kernel 6.17, heap.decayMs=&lt;0&gt;</td>").doesNotContain("<script");
        assertThat(TradeOffJson.text(of(10))).contains("\"name\" : \"kernel-6.17\"", "\"onFront\" : true");
    }

    /// The headline is asked by itself; the others share a correction.
    @Test
    void headlineIsNotCorrectedForTheOtherMetrics() {
        TradeOff faster = of(10).others().getFirst();

        assertThat(faster.headline().pHolm()).isEqualTo(faster.headline().p());
        assertThat(faster.lateFrames().pHolm()).isGreaterThan(faster.lateFrames().p());
    }

    /// Both save the same late frames, the second with twice the CPU time.
    @Test
    void settingThatSavesAsMuchForMoreIsNotOnTheFront() {
        KernelResult cheap = Samples.kernel("cheap", "vma", 10);
        KernelResult dear = new KernelResult("dear", Map.of(), cheap.runs().stream()
                .map(run -> new SeedRun(run.seed(), run.digest(), run.virtualNs() / 2, run.hostNs(), run.measurement())).toList());
        TradeOffs tradeOffs = TradeOffs.of("scroll", "pixel-6", Samples.HEADLINE,
                List.of(Samples.kernel("in-use", "mmap", 10), dear, cheap));

        assertThat(tradeOffs.others()).allMatch(TradeOff::matters);
        assertThat(tradeOffs.front()).extracting(TradeOff::setting).containsExactly("cheap");
    }
}
