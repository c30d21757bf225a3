package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        assertThat(text).contains("mapChurn.ui.perS \\ device").contains("pixel-6  pixel-8").contains("of 4 cells differ beyond chance");

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

    @Test
    void whatIsNoMapIsSaid() {
        assertThat(CommandLineRun.bad("map", "--kernels", "6.17")).contains("map compares two kernels");
        assertThat(CommandLineRun.bad("map", "--x", "device", "--out", folder.resolve("map").toString())).contains("--vary takes KEY=");
    }
}
