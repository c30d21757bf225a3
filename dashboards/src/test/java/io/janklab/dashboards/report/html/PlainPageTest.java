package io.janklab.dashboards.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PlainPageTest {
    private static String table(String... figures) {
        PlainPage page = new PlainPage("title");
        page.table(List.of(List.of("call", "P50"), List.of("mmap <1>", figures[0]), List.of("munmap", figures[1])));
        return page.toString();
    }

    @Test
    void cellsCarryTheirHeadersWhereRowsBecomeCards() {
        assertThat(table("11.3 µs", "–")).contains("<td data-label=\"call\">mmap &lt;1&gt;</td>",
                "<td class=\"number\" data-label=\"P50\">11.3 µs</td>");
    }

    @Test
    void figuresAloneStandToTheRight() {
        assertThat(table("+264 %", "1,308.7 µs")).contains("class=\"number\"");
        assertThat(table("2 threads", "7")).doesNotContain("class=\"number\"", "class=\"text\"");
        assertThat(table("mapper, free 64 MiB, mmap_lock, two VMAs, 2 purgers", "7")).contains("<td class=\"text\"");
    }

    @Test
    void coloursHaveTheirMeaningAndNothingIsFetched() {
        PlainPage page = new PlainPage("a <b>", "scroll & more", "");
        page.legend(List.of("#123456"), List.of("dirty: <unused>"));
        page.picture("x < y", "<svg></svg>\n");

        assertThat(page.toString()).contains("<i style=\"background: #123456\"></i> dirty: &lt;unused&gt;", "a &lt;b&gt;",
                "scroll &amp; more", "<figcaption>x &lt; y</figcaption>").doesNotContain("<script", "http:", "https:");
    }
}
