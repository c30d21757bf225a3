package io.janklab.dashboards.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LatencyPageTest {
    @Test
    void everyTextIsEscapedAndNothingIsFetched() {
        LatencyPage page = new LatencyPage("<b>title</b>");
        page.paragraph("a < b");
        page.list(List.of("\"quoted\""));
        page.table(List.of(List.of("x"), List.of("<script>")));
        page.beginCharts();
        page.chart("one & two", percent -> 1_000 + (long) (percent * 100), percent -> 5_000_000, null);
        page.endCharts();
        assertThat(page.toString()).contains("&lt;b&gt;", "a &lt; b", "&lt;script&gt;", "one &amp; two")
                .doesNotContain("<script", "http:", "https:", "NaN", "Infinity");
    }

    @Test
    void linesHaveALegendAndPicturesAreToldInWords() {
        LatencyPage page = new LatencyPage("title");
        page.beginCharts();
        page.chart("madvise", percent -> 1_000_000, percent -> 2_000_000, null);
        page.endCharts();

        assertThat(page.toString()).contains("</svg> measured</span>", "</svg> predicted</span>",
                "madvise. P50: measured 1.00 ms, predicted 2.00 ms. P90: measured 1.00 ms", "--s0: light-dark(");
    }
}
