package io.janklab.dashboards.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ReportHtmlTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)([^>]*?)(/?)>");

    private static String written(Experiment experiment) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportHtml.write(experiment, List.of(), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /// The page without what its own scripts, styles and comments say.
    private static String markup(String page) {
        return page.replaceAll("(?s)<script[^>]*>.*?</script>|<style>.*?</style>|<!--.*?-->|<meta http-equiv[^>]*>", "");
    }

    private static String data(String page) {
        Matcher block = Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>").matcher(page);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    @Test
    void hostileNamesAreShownAsText() throws IOException {
        String page = written(Samples.experiment("<script>alert(1)</script>", "6.12\"'></script><img src=x>\u202E", 2));

        assertThat(page).doesNotContain("<img", "\u202E", "alert(1)</script>");
        assertThat(markup(page)).contains("&lt;script&gt;alert(1)&lt;/script&gt;",
                "6.12&quot;&#39;&gt;&lt;/script&gt;&lt;img src=x&gt;[U+202E]");
        assertThat(data(page)).doesNotContain("<");
        assertThat(JsonMapper.shared().readTree(data(page)).at("/charts/overrun/lines/0/name").stringValue())
                .isEqualTo("6.12\"'></script><img src=x>[U+202E]");
    }

    @Test
    void pageNeedsNothingElse() throws IOException {
        String page = written(Samples.experiment(2));

        assertThat(markup(page).replace("href=\"#", "")).as("but links within itself")
                .doesNotContain("http://", "https://", "src=", "href=", "<link");
        assertThat(page).doesNotContain("@import", "url(").contains("default-src 'none'");
    }

    @Test
    void policyLetsExactlyThePagesScriptsRun() throws Exception {
        String page = written(Samples.experiment(2));
        Matcher script = Pattern.compile("(?s)<script(?: type=\"module\")?>(.*?)</script>").matcher(page);
        int scripts = 0;
        while (script.find()) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.group(1).getBytes(StandardCharsets.UTF_8));
            assertThat(page).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
            scripts++;
        }
        assertThat(scripts).isEqualTo(2);
        assertThat(page).doesNotContain("script-src 'unsafe-inline'");
    }

    @Test
    void licenceOfWhatIsInlinedIsThere() throws IOException {
        assertThat(written(Samples.single())).contains("Permission is hereby granted, free of charge");
    }

    @Test
    void tagsNest() throws IOException {
        for (Experiment experiment : new Experiment[] {Samples.experiment(2), Samples.single()}) {
            Deque<String> open = new ArrayDeque<>();
            Matcher tag = TAG.matcher(markup(written(experiment)));
            while (tag.find()) {
                boolean isVoid = tag.group(2).equals("meta") || !tag.group(4).isEmpty();
                if (!tag.group(1).isEmpty()) {
                    assertThat(open.pop()).isEqualTo(tag.group(2));
                } else if (!isVoid) {
                    open.push(tag.group(2));
                }
            }
            assertThat(open).isEmpty();
        }
    }

    @Test
    void everyPartOfTheReportIsThere() throws IOException {
        assertThat(written(Samples.experiment(2)))
                .contains("frameOverrunMs P99", "95 % interval")
                .contains("Frame overrun by percentile", "% of frames", "Late frames over time", "Page tables of the app",
                "mmap_lock: waits")
                .contains("UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9)")
                .contains("kernel has no per-VMA path", "range spans several VMAs")
                .contains("The latest frames on 6.12");
    }

    @Test
    void figuresAndContentsStandBeforeTheTables() throws IOException {
        String page = written(Samples.experiment(9));

        assertThat(page.indexOf("<dl class=\"strip\">")).isPositive().isLessThan(page.indexOf("<nav")).isLessThan(page.indexOf("<table>"));
        assertThat(page).contains("<dt>CPU of the app, ms/s</dt>", "<a href=\"#h1\">Comparison</a>", "<h2 id=\"h1\">Comparison</h2>");
        assertThat(page).as("what a frame may take").contains("\"budgets\":[[8.3,\"8.3 ms\",0],[16.6,\"16.6 ms\",0]]");
    }

    @Test
    void whatThereIsNothingOfHasNoSection() throws IOException {
        assertThat(written(Samples.ofQuantities())).doesNotContain("What the app counted", "frameOverrunMs is how much");
        assertThat(written(Samples.experiment(2))).contains("frameOverrunMs is how much");
    }

    @Test
    void lateFramesOverTimeAreDrawnAsFarAsTheRunWent() throws IOException {
        String data = written(Samples.single()).split("\"late\":")[1].split("}]")[0];
        double end = Samples.single().kernels().getFirst().measurements().getFirst().endNs() / 1e9;
        String[] rates = data.split("\"y\":\\[")[1].split("]")[0].split(",");

        assertThat(data.split("\"x\":\\[")[1].split("]")[0]).endsWith("," + Math.round(end * 1e4) / 1e4);
        assertThat(rates[rates.length - 1]).as("the last bin's").isEqualTo(rates[rates.length - 2]);
    }

    @Test
    void experimentWithoutFramesStillMakesAPage() throws IOException {
        assertThat(written(Samples.withoutFrames())).contains("0 of 0 frames");
    }
}
