package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class MapCommandTest {
    @TempDir
    Path folder;

    @Test
    void eachCellIsAComparisonWithItsCommand() throws IOException {
        Path out = folder.resolve("map");
        String text = CommandLineRun.ok("map", "--x", "device=pixel-6,pixel-8", "--y", "mapChurn.ui.perS=12,400", "--seeds", "2",
                "--duration", "100ms", "--metric", "inversion.uiNs", "--out", out.toString());
        assertThat(text).contains("mapChurn.ui.perS \\ device").contains("pixel-6  pixel-8")
                .contains("Too few seeds to tell any cell from chance");

        JsonNode map = JsonMapper.shared().readTree(Files.readString(out.resolve("map.json"))).get("map");
        assertThat(map.get("cells").size()).isEqualTo(2);
        assertThat(map.get("command").asString()).isEqualTo("janklab map --kernels 6.12,6.17 --device pixel-6 --scenario scroll"
                + " --duration 100ms --x device=pixel-6,pixel-8 --y mapChurn.ui.perS=12,400 --metric inversion.uiNs --seeds 2");
        String command = map.at("/cells/1/1/command").asString();
        assertThat(command).startsWith("janklab compare --kernels 6.12,6.17 --device pixel-8")
                .contains("--set mapChurn.ui.perS=400").endsWith(" --seeds 2");
        assertThat(Files.readString(out.resolve("map.html"))).contains("<td class=\"c\"").contains(command.replace("\"", "&quot;"));

        String again = CommandLineRun.ok(
                (command + " --no-bound --json --out " + folder.resolve("cell")).substring("janklab ".length()).split(" "));
        double difference = 0;
        for (JsonNode comparison : JsonMapper.shared().readTree(again).get("comparisons")) {
            if (comparison.get("metric").asString().equals("inversion.uiNs")) {
                difference = comparison.get("difference").asDouble();
            }
        }
        assertThat(difference).isEqualTo(map.at("/cells/1/1/difference").asDouble());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --kernels 6.17 | map compares two kernels
            --x device | --x takes KEY=
            --x rubbish=1 | unknown key 'rubbish'
            --x kernel=6.1,6.6 | --x varies a key of the scenario, a switch, a cost, device or scenario, not kernel
            --x load.jobs.threads=1,2,1 | --x load.jobs.threads has the value 1 twice
            --x load.jobs.threads=1 --y load.jobs.threads=2 | --x and --y vary different keys: both are load.jobs.threads
            --metric nix | there is no 'nix'; see compare
            --scenario launch --metric quantity.time | there is no 'quantity.time'; see compare.
            --perfetto | map takes no --perfetto: run and compare do
            --malloc-stats | map takes no --mallctl and --malloc-stats
            --recording r.txt | map varies the keys of a scenario: it takes no --recording
            """)
    void whatIsNoMapIsSaidBeforeAnythingRuns(String options, String said) {
        String all = "map " + options + " --out " + folder.resolve("map");
        assertThat(CommandLineRun.bad(all.split(" "))).contains(said);
        assertThat(folder.resolve("map")).doesNotExist();
    }

    @Test
    void metricThatThereIsNotIsASentenceWithThoseThereAre() {
        assertThat(CommandLineRun.bad("map", "--x", "device=pixel-6", "--y", "mapChurn.ui.perS=12", "--duration", "50ms", "--metric",
                "no.such", "--seeds", "2", "--out", folder.resolve("out").toString()))
                .contains("--metric: there is no 'no.such'", "; see compare");
    }
}
