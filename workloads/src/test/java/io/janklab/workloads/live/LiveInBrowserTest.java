package io.janklab.workloads.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.dashboards.browser.Browser;
import io.janklab.workloads.cli.ServedPage;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The pages of `janklab serve` as a person uses them. After each test the console must be empty.
@Tag("browser")
final class LiveInBrowserTest {
    private static final String SHORT = "scenario=scroll&warmUpS=0.05&duration=150ms&seeds=2";
    private static final String LONG = "scenario=scroll&duration=50s&seeds=100";
    private static final String DONE = "document.querySelector('.panel').dataset.seeds === '2' && !document.querySelector('.panel.busy')";
    /// A fast machine has seeds by the time the page is looked at.
    private static final String BEGUN = "document.querySelector('.panel').dataset.seeds >= '0'";
    private static final String COMMAND = "return document.querySelector('.panel .command code').textContent";
    private static final String STATUS = "document.querySelector('.panel .status').textContent";
    private static final String SCHEDULE = "explore.html?rule=vma-seq-recheck&litmus=fault-munmap&kernel=7.2&arch=x86-64&strategy=random";
    private static final String LEFT = "\uE012";
    private static final String RIGHT = "\uE014";
    private static final String TAB = "\uE004";

    @TempDir
    static Path folder;

    private static Browser browser;
    private LiveServer server;

    @BeforeAll
    static void startBrowser() throws IOException {
        assumeTrue(Browser.isInstalled(), "Chromium and its chromedriver are not installed, so the live page is not tried in a browser.");
        browser = new Browser(folder.resolve("profile"));
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = ServedPage.start(0, Limits.USUAL);
        browser.become(1300, 900);
    }

    @AfterEach
    void consoleIsEmpty() {
        try {
            assertThat(browser.console()).isEmpty();
        } finally {
            browser.open("about:blank");
            server.close();
        }
    }

    private void open(String page) {
        browser.open(server.url() + page);
    }

    private void openShort(String more) {
        open("?" + SHORT + more);
        browser.await(DONE);
    }

    /// Chooses or types, as a person who has found the control.
    private static void choose(String field, String value) {
        browser.run("const input = document.querySelector('[data-field=\"" + field + "\"]'); input.value = '" + value + "';"
                + "for (const name of ['input', 'change']) input.dispatchEvent(new Event(name, { bubbles: true }))");
    }

    private static String text(String script) {
        return browser.run(script).stringValue();
    }

    /// The appearance of the first chart.
    private static String curve() {
        return text("return document.querySelector('[data-chart=overrun] canvas').toDataURL()");
    }

    @Test
    void changingARateMovesTheCurve() {
        openShort("");
        String before = curve();
        choose("frame.traversal.medianUs", "6000");
        browser.await(DONE + " && location.search.includes('frame.traversal.medianUs=6000')");

        assertThat(curve()).isNotEqualTo(before);
        assertThat(text(COMMAND)).contains("--set frame.traversal.medianUs=6000");
        assertThat(text("return document.querySelector('[data-of=\"frame.traversal.medianUs\"] .hint').textContent"))
                .isEqualTo("not as in the scenario: 1100");
    }

    @Test
    void turningASwitchMovesTheCurve() {
        openShort("&a.kernel=6.1&b.kernel=6.1&b.fault.vma-lock=all&mapper.perS=2000&mapper.kib=4096");
        String before = curve();
        choose("b.fault.vma-lock", "");
        choose("b.oracle", "uncontended");
        browser.await(DONE + " && location.search.includes('b.oracle')");

        assertThat(curve()).isNotEqualTo(before);
        assertThat(text(COMMAND)).contains("--b kernel=6.1,oracle=uncontended");
        assertThat(text("return document.querySelector('[data-of=\"b.oracle\"] .hint').textContent")).isEqualTo("not as 6.1 has it: off");
        assertThat(text("return document.querySelector('.switches summary').textContent")).isEqualTo("Switches (1 not as released)");
    }

    @Test
    void arrowKeysMoveASliderAndDigitsFillItsBox() {
        openShort("");
        browser.run("document.querySelector('[data-slider=\"mapper.perS\"]').focus()");
        browser.press(RIGHT + RIGHT);
        browser.await(DONE + " && location.search.includes('mapper.perS=20')");
        browser.run("document.querySelector('[data-field=\"mapper.perS\"]').select()");
        browser.press("70" + TAB);

        browser.await(DONE + " && document.querySelector('.panel .command code').textContent.includes('mapper.perS=70')");
        assertThat(text("return document.querySelector('[data-slider=\"mapper.perS\"]').value")).isEqualTo("70");
    }

    @Test
    void answerCanBeStoppedAndAskedForAgain() {
        open("?" + LONG);
        browser.await(BEGUN);
        browser.click(".panel .stop");
        browser.await(STATUS + ".startsWith('Stopped')");

        assertThat(text("return document.querySelector('.panel .stop').textContent")).isEqualTo("Again");
        browser.click(".panel .stop");
        browser.await("document.querySelector('.panel.busy')");
    }

    @Test
    void urlIsTheStateForAnotherTabAReloadAndTheWayBack() {
        openShort("");
        choose("a.kernel", "6.1");
        browser.await(DONE + " && document.querySelector('.panel .command code').textContent.includes('6.1,6.17')");
        String headline = text("return document.querySelector('.headline').textContent");
        String url = text("return location.href");

        browser.reload();
        browser.await(DONE);
        assertThat(text("return document.querySelector('.headline').textContent")).isEqualTo(headline);
        String first = browser.openTab();
        browser.open(url);
        browser.await(DONE);
        assertThat(text("return document.querySelector('.headline').textContent")).isEqualTo(headline);
        assertThat(text("return document.querySelector('[data-field=\"a.kernel\"]').value")).isEqualTo("6.1");
        browser.closeTab();
        browser.turnTo(first);
        browser.goBack();
        browser.await(DONE + " && document.querySelector('.panel .command code').textContent.includes('6.12,6.17')");
        assertThat(text("return document.querySelector('[data-field=\"a.kernel\"]').value")).isEqualTo("6.12");
    }

    @Test
    void secondTabIsAnsweredWhileTheFirstWaits() {
        open("?" + LONG);
        browser.await(BEGUN);
        String first = browser.openTab();
        openShort("");
        browser.closeTab();
        browser.turnTo(first);

        assertThat(browser.run("return document.querySelector('.panel.busy') !== null").booleanValue()).isTrue();
    }

    @Test
    void twoHundredQuickChangesEndInTheLastState() throws IOException {
        openShort("");
        browser.run("""
                const slider = document.querySelector('[data-slider="mapper.perS"]');
                window.changes = (async () => {
                  for (let i = 1; i <= 200; i++) {
                    slider.value = 10 * i;
                    slider.dispatchEvent(new Event('input', { bubbles: true }));
                    await new Promise((resolve) => setTimeout(resolve, i % 8 ? 4 : 130));
                  }
                  slider.dispatchEvent(new Event('change', { bubbles: true }));
                  window.changed = true;
                })()""");
        browser.await("window.changed && " + DONE);

        assertThat(text("return location.search")).contains("mapper.perS=2000");
        assertThat(text(COMMAND)).contains("mapper.perS=2000");
        try (LiveClient client = new LiveClient(server)) {
            assertThat(client.meter("janklab_live_questions")).isZero();
            assertThat(client.meter("janklab_live_failed_total")).isZero();
        }
    }

    @Test
    void pageSaysThatTheServerHasGoneAndGoesOnWhenItIsBack() throws IOException {
        open("?" + LONG.replace("seeds=100", "seeds=50").replace("50s", "5s"));
        browser.await(BEGUN);
        int port = URI.create(server.url()).getPort();
        server.close();
        browser.await("!document.getElementById('lost').hidden");
        assertThat(text("return document.getElementById('lost').textContent")).startsWith("The server does not answer.");
        assertThat(browser.run("return document.querySelectorAll('[data-chart] canvas').length").intValue()).isPositive();

        server = ServedPage.start(port, Limits.USUAL);
        browser.await("document.getElementById('lost').hidden && document.querySelector('.panel').dataset.seeds >= '1'");
        // That the connection was refused is what a browser says of it.
        assertThat(browser.console()).allSatisfy(line -> assertThat(line).contains("net::ERR_"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "seeds|0|--seeds takes a number from 1 to 10000, not 0.",
        "duration|5|'5'",
        "duration|1000s|at most 60 s",
        "nativeHeap.decayMs|soon|nativeHeap.decayMs",
        "load.background.share|7|load.background.share",
    })
    void whatIsWrongIsSaidAtItsField(String field, String value, String sentence) {
        openShort("");
        choose(field, value);
        String fault = "document.querySelector('[data-of=\"" + field + "\"] .fault').textContent";
        browser.await(fault + " !== ''");

        assertThat(text("return " + fault)).contains(sentence);
        assertThat(text("return document.querySelector('[data-field=\"" + field + "\"]').getAttribute('aria-invalid')")).isEqualTo("true");
        choose(field, field.equals("seeds") ? "2" : field.equals("duration") ? "150ms" : "");
        browser.await(DONE + " && " + fault + " === ''");
    }

    @Test
    void statesArePinnedBesideEachOther() {
        openShort("");
        browser.click(".panel .actions button:last-child");
        browser.await("document.querySelectorAll('.panel').length === 2 && document.querySelectorAll('.panel')[1].dataset.seeds === '2'");
        choose("a.kernel", "6.1");
        browser.await(DONE + " && document.querySelector('.panel .command code').textContent.includes('6.1,6.17')");

        assertThat(text("return document.querySelectorAll('.panel')[1].querySelector('.command code').textContent")).contains("6.12,6.17");
        List<Integer> tops = browser.run("return [...document.querySelectorAll('.panel')]"
                + ".map((panel) => Math.round(panel.getBoundingClientRect().top))")
                .valueStream().map(top -> top.intValue()).toList();
        assertThat(tops.getFirst()).isEqualTo(tops.getLast());
        browser.reload();
        browser.await("document.querySelectorAll('.panel').length === 2"
                + " && [...document.querySelectorAll('.panel')].every((panel) => panel.dataset.seeds === '2')");
        browser.click(".panel:nth-child(2) .actions button:last-child");
        browser.await("document.querySelectorAll('.panel').length === 1");
    }

    @Test
    void latestFramesHaveTheReportsTimelines() {
        openShort("&frame.traversal.medianUs=20000");
        browser.await("document.querySelector('.panel .timeline svg[tabindex]')");
        browser.run("document.querySelector('.timeline svg[tabindex]').focus()");
        browser.press(RIGHT);

        assertThat(text("return document.querySelector('.timeline .told').textContent")).isNotBlank();
        assertThat(browser.run("return document.querySelector('.bar span').getBoundingClientRect().width").doubleValue()).isPositive();
    }

    @Test
    void scheduleIsSteppedBothWaysAndItsLockStateIsLit() {
        open(SCHEDULE);
        browser.await("document.querySelector('tr.now')");
        String lit = "return document.querySelector('#states tr.lit').dataset.row";
        String now = "return document.querySelector('#schedule tr.now').dataset.step";
        assertThat(text(lit)).isEqualTo("0");
        int steps = 0;
        while (!text("return document.querySelector('tr.now .holds').textContent").equals("mmap_lock app (write)")) {
            browser.press(RIGHT);
            steps++;
        }
        assertThat(text(now)).isEqualTo(String.valueOf(steps));
        assertThat(text(lit)).isEqualTo("3");
        assertThat(text("return document.querySelector('#states tr.lit td:last-child').textContent")).isEqualTo("unmapper");
        browser.press(RIGHT + LEFT);
        assertThat(text(now)).isEqualTo(String.valueOf(steps));
        assertThat(text("return location.search")).contains("step=" + (steps + 1));

        browser.reload();
        browser.await("document.querySelector('tr.now')");
        assertThat(text(now)).isEqualTo(String.valueOf(steps));
        browser.press(LEFT.repeat(steps));
        assertThat(text(lit)).isEqualTo("0");
        browser.click("#last");
        assertThat(text("return document.getElementById('status').textContent")).contains("detaching a VMA that has readers");
    }

    @Test
    void scheduleIsPlayed() {
        open(SCHEDULE);
        browser.await("document.querySelector('tr.now')");
        browser.click("#play");
        browser.await("document.querySelector('#schedule tr.now').dataset.step >= '2'");
        browser.click("#play");

        assertThat(text("return document.getElementById('play').textContent")).isEqualTo("Play");
    }

    @Test
    void ruleBringsTheLitmusThatShowsItAndABadOneItsSentence() {
        open(SCHEDULE);
        browser.await("document.querySelector('tr.now')");
        browser.run("const rule = document.getElementById('f-rule'); rule.value = 'ptl-in-zap';"
                + " rule.dispatchEvent(new Event('change', { bubbles: true }))");
        browser.await("document.querySelector('tr.now') && document.getElementById('command').textContent.includes('two-dontneeds')");
        open("explore.html?litmus=fault-munma&rule=");
        browser.await("document.getElementById('f-litmus-fault').textContent !== ''");

        assertThat(text("return document.getElementById('f-litmus-fault').textContent")).contains("did you mean 'fault-munmap'?");
    }

    @Test
    void tourLeadsThroughFiveStations() {
        openShort("");
        browser.click("#tour-open");
        for (int station = 1; station <= 5; station++) {
            browser.await("document.getElementById('tour-title').textContent.startsWith('" + station + " of 5')");
            assertThat(text("return location.search")).contains("station=" + (station - 1));
            assertThat(text("return document.activeElement.id")).isEqualTo("tour-title");
            if (station < 5) {
                browser.click("#tour .actions button:nth-child(2)");
            }
        }
        browser.await("document.querySelector('.panel .command code').textContent.includes('6.17,7.2')");
        browser.click("#tour .actions button:last-child");
        assertThat(browser.run("return document.getElementById('tour').hidden").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"light", "dark"})
    void nothingButTablesScrollsSidewaysOnAPhone(String colours) {
        browser.become(390, 844);
        browser.prefer(colours);
        openShort("&station=1");
        assertThat(browser.run("return document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        browser.click("#controls > summary");
        assertThat(browser.run("return document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        open(SCHEDULE);
        browser.await("document.querySelector('tr.now')");

        assertThat(browser.run("return document.documentElement.scrollWidth").intValue()).isLessThanOrEqualTo(390);
        browser.prefer("light");
    }

    @Test
    void everyControlHasANameForScreenReaders() {
        openShort("");
        String nameless = """
                return [...document.querySelectorAll('input, select, button, a, progress')].filter((control) =>
                  !(control.labels?.length || control.getAttribute('aria-label') || control.textContent.trim()))
                  .map((control) => control.outerHTML)""";
        assertThat(browser.run(nameless)).isEmpty();
        open(SCHEDULE);
        browser.await("document.querySelector('tr.now')");
        assertThat(browser.run(nameless)).isEmpty();
    }
}
