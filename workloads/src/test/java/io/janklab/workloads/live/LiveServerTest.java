package io.janklab.workloads.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.CommandLineRun;
import io.janklab.workloads.cli.ServedPage;
import io.janklab.workloads.live.ask.Question;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The server of `janklab serve`, asked as its pages ask it.
final class LiveServerTest {
    private static final String SHORT = "scenario=scroll&warmUpS=0.05&duration=100ms&seeds=2";
    private static final String[] SHORT_WORDS = {
        "--scenario", "scroll", "--set", "warmUpS=0.05", "--duration", "100ms", "--seeds", "2", "--no-bound"
    };
    private static final String LONG = "scenario=scroll&duration=50s&seeds=100";

    @TempDir
    static Path folder;

    private static LiveServer server;
    private static LiveClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ServedPage.start(0, new Limits(4096, 64, 4));
        client = new LiveClient(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static List<String> names(List<LiveClient.Event> events) {
        return events.stream().map(LiveClient.Event::name).distinct().toList();
    }

    @Test
    void answersBeginWithALookAndGoOnSeedBySeed() {
        List<LiveClient.Event> events = client.events("compare?" + SHORT.replace("100ms", "600ms"));

        assertThat(names(events)).containsExactly("plan", "result", "progress", "end");
        assertThat(events.stream().filter(event -> event.name().equals("result")).map(LiveClient.Event::id)).containsExactly("0", "1", "2");
        JsonNode last = events.reversed().get(1).data();
        assertThat(last.get("seeds").intValue()).isEqualTo(2);
        assertThat(last.get("charts").get("overrun").get("lines")).hasSize(2);
        assertThat(last.get("parts").valueStream().map(part -> part.get("id").stringValue()))
                .containsExactly("curves", "differences", "inversion", "madvise", "memory", "frames");
    }

    @Test
    void commandShownComesToTheSame() {
        String command = client.events("compare?" + SHORT + "&b.fault.vma-lock=off").getFirst().data().get("command").stringValue();

        assertThat(command).isEqualTo("janklab compare --a kernel=6.12 --b kernel=6.17,fault.vma-lock=off --scenario scroll --seeds 2 "
                + "--duration 100ms --set warmUpS=0.05 --no-bound");
    }

    /// But for what the host took.
    private static String withoutHostTimes(String file) {
        return file.replaceAll("\"hostNs\" ?: ?\\d+", "").replaceAll("(data-label=\"host time\">)[^<]*", "$1");
    }

    @Test
    void filesAreThoseOfTheCommand() throws Exception {
        Path out = folder.resolve("out");
        CommandLineRun.ok(Stream.of(new String[] {"compare"}, SHORT_WORDS, new String[] {"--perfetto", "--quiet", "--out", out.toString()})
                .flatMap(Arrays::stream).toArray(String[]::new));
        List<String> files = client.events("compare?" + SHORT).getFirst().data().get("files")
                .valueStream().map(JsonNode::stringValue).toList();

        assertThat(files).containsExactly("report.html", "result.json", "trace-6.12.perfetto-trace", "trace-6.17.perfetto-trace");
        for (String file : files) {
            byte[] downloaded = client.bytes("file/" + file + "?" + SHORT);
            byte[] written = Files.readAllBytes(out.resolve(file));
            if (file.endsWith("-trace")) {
                assertThat(downloaded).as(file).isEqualTo(written);
            } else {
                assertThat(withoutHostTimes(new String(downloaded, StandardCharsets.UTF_8))).as(file)
                        .isEqualTo(withoutHostTimes(new String(written, StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void filesThatCannotBeHadAreRefused() {
        assertThat(client.get("file/passwd?" + SHORT).statusCode()).isEqualTo(404);
        assertThat(client.get("file/..%2f..%2fetc%2fpasswd?" + SHORT).statusCode()).isEqualTo(404);
        assertThat(client.get("file/report.html?scenario=scrol").body()).contains("there is no scenario 'scrol' (did you mean 'scroll'?)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "scenario=scrol|scenario|--scenario scrol",
        "device=nokia|device|--device nokia",
        "seeds=x|seeds|--seeds x",
        "seeds=0|seeds|--seeds 0",
        "duration=5|duration|--duration 5",
        "b.kernel=9.9|b.kernel|--kernels 6.12,9.9",
        "a.fault.vma-lock=maybe|a.fault.vma-lock|--a kernel=6.12,fault.vma-lock=maybe --b kernel=6.17",
        "nativeHeap.decayMs=soon|nativeHeap.decayMs|--set nativeHeap.decayMs=soon",
        "load.background.share=2|load.background.share|--set load.background.share=2",
        "nativeHeap.dekayMs=1|nativeHeap.dekayMs|--set nativeHeap.dekayMs=1",
        "a.kernel=6.17|a.kernel|--kernels 6.17,6.17",
    })
    void badInputIsToldAtItsFieldInTheWordsOfTheCommandLine(String field, String at, String words) {
        JsonNode fault = client.events("compare?memMiB=4096&" + field).getLast().data();
        String[] command = ("compare --quiet --set memMiB=4096 " + words).split(" ");

        assertThat(fault.get("field").stringValue()).isEqualTo(at);
        assertThat(CommandLineRun.bad(command)).isEqualToIgnoringNewLines("janklab: " + fault.get("sentence").stringValue());
    }

    @Test
    void pageHasLimitsThatTheCommandLineHasNot() {
        assertThat(fault("duration=100s")).contains("at most 60 s of virtual time", "not 100.5 s");
        assertThat(fault("warmUpS=1000")).contains("at most 60 s of virtual time");
        assertThat(fault("seeds=101")).contains("at most 100 seeds");
        assertThat(fault("device=/etc/secret.yaml")).contains("a page opens no files");
        assertThat(fault("b.device=pixel-8,scenario=/etc/secret.yaml")).contains("a page opens no files");
        assertThat(fault("b.device=pixel-8,scenario=launch")).contains("one value");
        for (String own : List.of("a.kernel=6.17%2B/tmp/Evil.java", "b.rwsem.policy=/tmp/Evil.java", "b.rwsem.policy=org.example.Evil",
                "nativeHeap.purgePolicy=org.example.Evil")) {
            assertThat(fault(own)).as(own).contains("a page opens no files and loads no classes");
        }
        assertThat(client.events("litmus?litmus=fault-munmap&kernel=6.17%2B/tmp/Evil.java").getLast().data().get("sentence").stringValue())
                .contains("loads no classes");
        assertThat(fault("recording=/etc/passwd")).contains("there is no recording");
    }

    private static String fault(String question) {
        return client.events("compare?" + question).getLast().data().get("sentence").stringValue();
    }

    @Test
    void runsThatHaveBeenMadeAreNotMadeAgain() {
        client.events("compare?" + SHORT + "&mapper.perS=7");
        double made = client.meter("janklab_live_runs_total");
        client.events("compare?" + SHORT + "&mapper.perS=7");
        // The other way round, and under other names.
        client.events("compare?a.kernel=6.17&b.kernel=6.12&" + SHORT + "&mapper.perS=7");
        client.events("compare?a.name=old&b.name=new&" + SHORT + "&mapper.perS=7");

        assertThat(client.meter("janklab_live_runs_total")).isEqualTo(made);
    }

    @Test
    void streamThatBrokeGoesOnAfterTheLastEventSeen() {
        HttpRequest.Builder again = client.request("compare?" + SHORT).header("Last-Event-ID", "1");

        assertThat(client.eventsUntil(again, event -> false).stream()
                .filter(event -> event.name().equals("result")).map(LiveClient.Event::id)).containsExactly("2");
    }

    @Test
    void newQuestionOfAViewGivesUpTheOneBefore() {
        CompletableFuture<List<LiveClient.Event>> before =
                CompletableFuture.supplyAsync(() -> client.events("compare?" + LONG + "&view=v1"));
        awaitMeter("janklab_live_questions", 1);
        List<LiveClient.Event> after = client.events("compare?" + SHORT + "&view=v1");

        assertThat(before.join().getLast().name()).isEqualTo("cancelled");
        assertThat(after.getLast().name()).isEqualTo("end");
    }

    @Test
    void questionIsGivenUpWhenItsPageSaysSoAndWhenItHasGone() {
        CompletableFuture<List<LiveClient.Event>> first =
                CompletableFuture.supplyAsync(() -> client.events("compare?" + LONG + "&view=v2"));
        awaitMeter("janklab_live_questions", 1);
        client.send(client.request("cancel?view=v2").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(first.join().getLast().name()).isEqualTo("cancelled");

        client.eventsUntil(client.request("compare?" + LONG), event -> event.name().equals("plan"));
        awaitMeter("janklab_live_questions", 0);
        awaitMeter("janklab_live_cores_busy", 0);
    }

    private static void awaitMeter(String name, double value) {
        while (client.meter(name) != value) {
            Thread.onSpinWait();
        }
    }

    @Test
    void thereAreOnlySoManyStreamsAtOnce() {
        List<CompletableFuture<List<LiveClient.Event>>> open = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.events("compare?" + LONG + "&view=many" + i)))
                .toList();
        awaitMeter("janklab_live_streams", 4);

        assertThat(client.get("compare?" + SHORT).statusCode()).isEqualTo(503);
        for (int i = 0; i < 4; i++) {
            client.send(client.request("cancel?view=many" + i).POST(HttpRequest.BodyPublishers.noBody()));
        }
        open.forEach(CompletableFuture::join);
        awaitMeter("janklab_live_streams", 0);
    }

    @Test
    void litmusIsPlayedAsTheCommandPrintsIt() {
        JsonNode playback = client.events("litmus?litmus=fault-munmap&rule=vma-seq-recheck&kernel=7.2&arch=x86-64")
                .reversed().get(1).data();
        String printed = CommandLineRun.broken(
                "explore", "fault-munmap", "--without", "vma-seq-recheck", "--kernel", "7.2", "--arch", "x86-64");

        assertThat(printed).containsIgnoringWhitespaces(playback.get("rule").stringValue());
        assertThat(printed.replaceAll(" \\\\\n +", " ")).contains(playback.get("command").stringValue());
        List<String> rows = printed.lines().filter(line -> line.matches(" *\\d+ {2}.*(no locks|\\))"))
                .map(line -> line.replaceAll(" +", " ").strip()).toList();
        assertThat(playback.get("steps").valueStream()
                .map(step -> step.get("number").intValue() + " " + step.get("does").stringValue() + " " + step.get("holds").stringValue()))
                .containsExactlyElementsOf(rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "litmus=fault-munma|litmus|there is no litmus 'fault-munma' (did you mean 'fault-munmap'?)",
        "litmus=fault-munmap&rule=vma-seq|rule|there is no rule 'vma-seq'",
        "litmus=fault-munmap&kernel=9.9|kernel|there is no kernel '9.9'",
        "litmus=fault-munmap&arch=riscv|arch|--arch takes arm64",
        "litmus=fault-munmap&strategy=luck|strategy|a strategy is random",
        "litmus=all|litmus|one litmus",
    })
    void badInputOfALitmusIsToldAtItsField(String question, String field, String sentence) {
        JsonNode fault = client.events("litmus?" + question).getLast().data();

        assertThat(fault.get("field").stringValue()).isEqualTo(field);
        assertThat(fault.get("sentence").stringValue()).contains(sentence);
    }

    @Test
    void pagesLoadNothingFromElsewhereAndNoMarkupBringsScriptsOrStyles() {
        for (String page : List.of("", "explore.html")) {
            String html = client.get(page).body();
            assertThat(html).doesNotContain("http:", "https:", "style=", "<style", "javascript:")
                    .doesNotContainPattern(" on[a-z]+=").doesNotContainPattern("<script(?![^>]* src=\"/)");
            Set<String> loaded = Pattern.compile("(?:src|href)=\"/([^\"]+)\"").matcher(html).results()
                    .map(found -> found.group(1)).collect(Collectors.toSet());
            loaded.forEach(file -> assertThat(client.get(file).statusCode()).as(file).isEqualTo(200));
        }
        String policy = client.get("").headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'").doesNotContain("unsafe", "http", "*");
    }

    @Test
    void partsOfTheReportBringNoStylesOfTheirOwn() {
        JsonNode parts = client.events("compare?" + SHORT).reversed().get(1).data().get("parts");

        assertThat(parts.toString()).contains("data-percent").doesNotContain("style=");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "index.html", "report/charts.js", "report/report.css", "report/uplot/uPlot.iife.min.js", "tour.json", "choices.json",
        "litmuses.json", "icon.svg"
    })
    void everythingAPageIsMadeOfIsThere(String file) {
        assertThat(client.get(file).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "report/LICENSE", "../pom.xml", "report/../LiveServer.class", "LiveServer.class"})
    void nothingElseIsServed(String file) {
        assertThat(client.get(file).statusCode()).isEqualTo(404);
    }

    @Test
    void healthAndMetersAreTold() {
        client.events("compare?" + SHORT);

        assertThat(client.get("health").body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(client.get("metrics").body())
                .contains("janklab_live_first_curve_seconds_bucket", "janklab_live_cache_hits_total", "janklab_live_cores_busy", "# HELP");
    }

    @Test
    void everyStationOfTheTourIsAQuestionThatCanBeAnswered() {
        JsonNode stations = JsonMapper.shared().readTree(client.get("tour.json").body());
        assertThat(stations).hasSize(5);
        stations.forEach(station -> {
            SequencedMap<String, String> fields = new LinkedHashMap<>();
            station.get("fields").propertyStream().forEach(field -> fields.put(field.getKey(), field.getValue().stringValue()));
            assertThat(ServedPage.planner().plan(new Question(fields)).seeds()).isPositive();
        });
    }
}
