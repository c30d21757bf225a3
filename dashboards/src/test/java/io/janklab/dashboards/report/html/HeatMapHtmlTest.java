package io.janklab.dashboards.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.HeatMap;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeatMapHtmlTest {
    private static final String METRIC = "frameOverrunMs.P99";

    private static HeatMap.Cell cell(int seeds) {
        Experiment experiment = Samples.experiment(seeds);
        Comparison comparison = experiment.comparison(experiment.kernels().getLast().name(), METRIC);
        return new HeatMap.Cell(comparison, "1.00", "janklab compare --set a=<b>");
    }

    @Test
    void contourRunsAroundWhatDiffersBeyondChanceAndNotWithin() {
        // Too few seeds tell nothing from chance.
        HeatMap.Cell alike = cell(2);
        HeatMap.Cell differs = cell(9);
        String html = HeatMapHtml.text(new HeatMap("two kernels", METRIC, "x", List.of("1", "2", "3"), "y", List.of("1"),
                List.of(List.of(alike, differs, differs))));

        assertThat(html.split("<td class=\"c b\"", -1)).hasSize(3);
        assertThat(html).contains("box-shadow: inset 0 -3px var(--ink), inset 0 3px var(--ink), inset 3px 0 var(--ink)\"")
                .contains("box-shadow: inset -3px 0 var(--ink), inset 0 -3px var(--ink), inset 0 3px var(--ink)\"");
    }

    @Test
    void everyCellHasItsCommandEscaped() {
        String html = HeatMapHtml.text(new HeatMap("two kernels", METRIC, "x", List.of("1"), "y", List.of("1"), List.of(List.of(cell(2)))));

        assertThat(html).contains("janklab compare --set a=&lt;b").doesNotContain("=<b>");
    }
}
