package io.janklab.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ReportHtmlTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)([^>]*?)(/?)>");

    private static String written(Experiment experiment) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportHtml.write(experiment, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void hostileNamesAreShownAsText() throws IOException {
        String page = written(Samples.experiment("<script>alert(1)</script>", "6.12\"'><img src=x>\u202E", 2));

        assertThat(page)
                .doesNotContain("<script", "<img", "\u202E")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "6.12&quot;&#39;&gt;&lt;img src=x&gt;[U+202E]");
    }

    @Test
    void pageNeedsNothingElse() throws IOException {
        assertThat(written(Samples.experiment(2))).doesNotContain("http://", "https://", "src=", "href=", "@import", "url(");
    }

    @Test
    void tagsNest() throws IOException {
        for (Experiment experiment : new Experiment[] {Samples.experiment(2), Samples.single()}) {
            Deque<String> open = new ArrayDeque<>();
            Matcher tag = TAG.matcher(written(experiment));
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
                .contains("Frame overrun by percentile", "share of frames")
                .contains("UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9)")
                .contains("kernel has no per-VMA path", "range spans several VMAs")
                .contains("The latest frames on 6.12");
    }

    @Test
    void experimentWithoutFramesStillMakesAPage() throws IOException {
        assertThat(written(Samples.withoutFrames())).contains("0 of 0 frames");
    }
}
