package io.janklab.dashboards.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.browser.Browser;
import io.janklab.dashboards.compare.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page as a browser shows it. After each test the console must be empty.
@Tag("browser")
final class ReportInBrowserTest {
    private static final String TOLD = "return document.querySelector('.timeline .told').textContent";
    private static final String LEFT = "\uE012";
    private static final String UP = "\uE013";
    private static final String RIGHT = "\uE014";
    private static final String DOWN = "\uE015";

    @TempDir
    static Path folder;

    private static Browser browser;
    private static Path page;

    @BeforeAll
    static void startBrowser() throws IOException {
        assumeTrue(Browser.isInstalled(), "Chromium and its chromedriver are not installed, so the report is not tried in a browser.");
        browser = new Browser(folder.resolve("profile"));
        page = write(Samples.bounded(3), "report.html");
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void consoleIsEmpty() {
        assertThat(browser.console()).isEmpty();
    }

    private static Path write(Experiment experiment, String name) throws IOException {
        Path file = folder.resolve(name);
        ReportHtml.write(experiment, List.of(), file);
        return file;
    }

    @Test
    void everyChartIsDrawn() {
        browser.open(page);

        assertThat(browser.run("return document.querySelectorAll('[data-chart]').length").intValue()).isGreaterThanOrEqualTo(8);
        assertThat(browser.run("""
                return [...document.querySelectorAll('[data-chart]')].filter(chart => {
                  const canvas = chart.querySelector('canvas');
                  if (!canvas) return true;
                  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                  return pixels.filter((value, i) => i % 4 === 3 && value > 0).length < 1000;
                }).map(chart => chart.dataset.chart)""")).isEmpty();
    }

    @Test
    void timelineTellsTheChainToThePointer() {
        browser.open(page);
        browser.pointAt(".timeline rect.wait");

        assertThat(browser.run(TOLD).stringValue()).contains("waits for mmap_lock", "HeapTaskDaemon (nice 4)");
        assertThat(browser.run("return document.querySelectorAll('.timeline path.arrow.marked').length").intValue()).isEqualTo(1);
    }

    @Test
    void readOutStandsBesideThePointer() {
        browser.open(page);
        browser.pointAt(".timeline rect.wait");

        assertThat(browser.run("return document.querySelector('.timeline .tip').textContent").stringValue())
                .isEqualTo(browser.run(TOLD).stringValue());
        assertThat(browser.run("""
                const tip = document.querySelector('.timeline .tip').getBoundingClientRect();
                const piece = document.querySelector('.timeline rect.wait').getBoundingClientRect();
                return Math.abs(tip.top - piece.bottom)""").doubleValue()).isLessThan(40);
    }

    @Test
    void slicesOfAFrameStandOnTheRowsOfItsThreads() {
        browser.open(page);
        browser.pointAt(".timeline rect.slice");

        assertThat(browser.run(TOLD).stringValue()).contains(" is in ");
    }

    @Test
    void tasksThatAreNotShownAtFirstAreShownOnRequest() throws IOException {
        Path few = folder.resolve("few.html");
        Files.writeString(few, Files.readString(page).replaceAll("\"shown\":\\d+", "\"shown\":1"));
        browser.open(few);
        String rows = "return document.querySelector('.timeline').querySelectorAll('text.task').length";
        String label = "return document.querySelector('.timeline > button').textContent";
        assertThat(browser.run(rows).intValue()).isEqualTo(1);
        assertThat(browser.run(label).stringValue()).startsWith("Show the other ");

        browser.click(".timeline > button");
        assertThat(browser.run(rows).intValue()).isGreaterThan(1);
        assertThat(browser.run(label).stringValue()).startsWith("Hide the other ");
        browser.click(".timeline > button");
        assertThat(browser.run(rows).intValue()).isEqualTo(1);
    }

    @Test
    void timelineTellsEachPieceToTheKeyboard() {
        browser.open(page);
        browser.run("document.querySelector('.timeline svg[tabindex]').focus()");
        String told = "";
        for (String key : new String[] {RIGHT, RIGHT, DOWN, LEFT, UP}) {
            browser.press(key);
            assertThat(browser.run(TOLD).stringValue()).as("after %s", key).isNotBlank().isNotEqualTo(told);
            told = browser.run(TOLD).stringValue();
        }
    }

    @Test
    void zoomShowsLessTimeAndWholeAllOfIt() {
        browser.open(page);
        String width = "return document.querySelector('.timeline rect.wait').getBoundingClientRect().width";
        double before = browser.run(width).doubleValue();
        browser.run("document.querySelector('.timeline svg[tabindex]').focus()");
        browser.press(RIGHT + "+");
        double zoomed = browser.run(width).doubleValue();
        browser.press("0");

        assertThat(zoomed).isGreaterThan(1.5 * before);
        assertThat(browser.run(width).doubleValue()).isEqualTo(before);
    }

    /// As in Perfetto, and with Caps Lock too, since the page names the keys as capitals.
    @ParameterizedTest
    @ValueSource(strings = {"wasd", "WASD"})
    void lettersZoomAndPan(String keys) {
        browser.open(page);
        String width = "return document.querySelector('.timeline rect.wait').getBoundingClientRect().width";
        String firstTick = "return parseFloat(document.querySelector('.timeline text.tick').textContent)";
        browser.run("document.querySelector('.timeline svg[tabindex]').focus()");
        double before = browser.run(width).doubleValue();
        browser.press(keys.substring(0, 1));
        double zoomed = browser.run(width).doubleValue();
        double tick = browser.run(firstTick).doubleValue();
        browser.press(keys.substring(3));
        double later = browser.run(firstTick).doubleValue();
        browser.press(keys.substring(1, 2));
        double back = browser.run(firstTick).doubleValue();
        browser.press(keys.substring(2, 3));

        assertThat(zoomed).isGreaterThan(1.5 * before);
        assertThat(later).isGreaterThan(tick);
        assertThat(back).isEqualTo(tick);
        assertThat(browser.run(width).doubleValue()).isLessThan(zoomed);
    }

    @Test
    void entryOfALegendHidesItsCurveAndShowsItAgain() {
        browser.open(page);
        String chart = "document.querySelector('[data-chart]:has(.legend button)')";
        String picture = "return " + chart + ".querySelector('canvas').toDataURL()";
        String click = chart + ".querySelector('.legend button').click()";
        String pressed = "return " + chart + ".querySelector('.legend button').getAttribute('aria-pressed')";
        String all = browser.run(picture).stringValue();
        browser.run(click);

        assertThat(browser.run(pressed).stringValue()).isEqualTo("false");
        assertThat(browser.run(picture).stringValue()).isNotEqualTo(all);
        browser.run(click);
        assertThat(browser.run(pressed).stringValue()).isEqualTo("true");
        assertThat(browser.run(picture).stringValue()).isEqualTo(all);
    }

    /// As in Perfetto: the plain wheel scrolls the page.
    @Test
    void wheelZoomsWithControlAndPansSideways() {
        browser.open(page);
        String left = "return document.querySelector('.timeline rect.wait').getBoundingClientRect().left";
        String width = "return document.querySelector('.timeline rect.wait').getBoundingClientRect().width";
        double wide = browser.run(width).doubleValue();
        assertThat(turned("{ deltaY: -100 }")).isFalse();
        assertThat(browser.run(width).doubleValue()).isEqualTo(wide);
        assertThat(turned("{ deltaY: -100, ctrlKey: true }")).isTrue();
        assertThat(browser.run(width).doubleValue()).isGreaterThan(wide);
        double before = browser.run(left).doubleValue();
        assertThat(turned("{ deltaX: 40 }")).isTrue();
        assertThat(browser.run(left).doubleValue()).isLessThan(before);
    }

    /// Whether the timeline took that turn of the wheel from the page.
    private boolean turned(String how) {
        return browser.run("""
                const svg = document.querySelector('.timeline svg[tabindex]');
                const box = document.querySelector('.timeline rect.wait').getBoundingClientRect();
                const event = new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: box.left + box.width / 2, ...%s });
                return !svg.dispatchEvent(event);
                """.formatted(how)).booleanValue();
    }

    @Test
    void headersSortTheirTable() {
        browser.open(page);
        String column = "return [...document.querySelector('table').tBodies[0].rows].map(row => parseFloat(row.cells[1].textContent))";
        browser.click("table th:nth-child(2) button");
        List<Double> down = browser.run(column).valueStream().map(value -> value.doubleValue()).toList();
        browser.click("table th:nth-child(2) button");
        List<Double> up = browser.run(column).valueStream().map(value -> value.doubleValue()).toList();

        assertThat(down).hasSizeGreaterThan(5).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(up).isSorted();
        assertThat(browser.run("return document.querySelector('table th:nth-child(2)').getAttribute('aria-sort')").stringValue())
                .isEqualTo("ascending");
    }

    @Test
    void hostileNamesAreShownAsText() throws IOException {
        browser.open(write(Samples.hostile("<script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'\u202E"),
                "hostile.html"));
        browser.run("document.querySelector('.timeline svg[tabindex]').focus()");

        assertThat(browser.run("return typeof window.hacked").stringValue()).isEqualTo("undefined");
        assertThat(browser.run("return document.querySelectorAll('img').length").intValue()).isZero();
        String shown = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'[U+202E]";
        assertThat(browser.run("return document.body.innerText").stringValue()).contains(shown);
        assertThat(browser.run("return document.querySelector('.timeline svg[tabindex]').textContent").stringValue()).contains(shown);
    }

    @Test
    void nothingButTablesScrollsSidewaysOnAPhone() {
        browser.becomeWide(390);
        browser.open(page);

        assertThat(browser.run("return document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        browser.becomeWide(1200);
    }

    @Test
    void coloursFollowTheSystemUntilTheButtonIsPressed() {
        String background = "return getComputedStyle(document.body).backgroundColor";
        browser.prefer("dark");
        browser.open(page);
        String dark = browser.run(background).stringValue();
        browser.click("#theme");
        String light = browser.run(background).stringValue();
        browser.prefer("light");

        assertThat(dark).isEqualTo("rgb(20, 23, 26)");
        assertThat(light).isEqualTo("rgb(255, 255, 255)");
    }

    @Test
    void experimentWithoutFramesIsAPageToo() throws IOException {
        browser.open(write(Samples.withoutFrames(), "empty.html"));

        assertThat(browser.run("return document.querySelector('h1').textContent").stringValue()).contains("0 of 0 frames");
    }
}
