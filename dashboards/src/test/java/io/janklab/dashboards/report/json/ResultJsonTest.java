package io.janklab.dashboards.report.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import io.janklab.dashboards.compare.Experiment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ResultJsonTest {
    private static JsonNode written(Experiment experiment) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ResultJson.write(experiment, out);
        return JsonMapper.shared().readTree(out.toByteArray());
    }

    @Test
    void fieldsOfTheContractAreThereInOrder() throws IOException {
        JsonNode root = written(Samples.experiment(3));

        assertThat(root.propertyNames()).containsExactly("scenario", "device", "headline", "seeds", "trace", "kernels", "comparisons",
                "bound", "rankings", "place");
        assertThat(root.at("/trace").propertyNames()).containsExactly("file", "records");
        JsonNode kernel = root.at("/kernels/0");
        assertThat(kernel.propertyNames())
                .containsSubsequence(
                        "name", "switches", "digest", "frames", "madvise", "faults", "inversion", "memory", "virtualNs", "hostNs");
        assertThat(kernel.at("/frames").propertyNames()).startsWith("count", "janky", "frameDurationCpuMs", "frameOverrunMs");
        assertThat(kernel.at("/frames/frameDurationCpuMs").propertyNames()).containsExactly("P50", "P90", "P95", "P99", "max");
        assertThat(kernel.at("/frames/frameOverrunMs").propertyNames()).containsExactly("P50", "P90", "P95", "P99", "max");
        assertThat(kernel.at("/madvise").propertyNames()).startsWith("calls", "vmaLock", "mmapLock", "fallbacks");
        assertThat(kernel.at("/faults").propertyNames()).startsWith("vmaLock", "mmapLock", "retry");
        assertThat(kernel.at("/inversion").propertyNames()).contains("uiNs", "chains");
        assertThat(kernel.at("/inversion/chains/0").propertyNames()).containsExactly("chain", "ns", "count");
        assertThat(kernel.at("/memory").propertyNames()).containsExactly("rssMeanBytes", "rssPeakBytes", "pageTablePeakBytes",
                "pageTableEndBytes");
        assertThat(root.at("/comparisons/0").propertyNames())
                .containsExactly("from", "to", "metric", "difference", "low", "high", "p", "pHolm", "verdict", "shareOfBound");
    }

    @Test
    void valuesAreTheExperiments() throws IOException {
        Experiment experiment = Samples.experiment(3);
        JsonNode root = written(experiment);
        JsonNode kernel = root.at("/kernels/0");

        assertThat(root.at("/seeds")).hasSize(3);
        assertThat(kernel.at("/digest").stringValue()).matches("[0-9a-f]{16}");
        assertThat(kernel.at("/frames/count").intValue()).isEqualTo(900);
        assertThat(kernel.at("/frames/janky").intValue()).isEqualTo(experiment.kernels().getFirst().frames().janky());
        assertThat(kernel.at("/madvise/fallbacks/kernel has no per-VMA path").longValue())
                .isEqualTo(kernel.at("/madvise/mmapLock").longValue())
                .isEqualTo(900);
        assertThat(kernel.at("/virtualNs").longValue()).isEqualTo(experiment.kernels().getFirst().virtualNs());
    }

    @Test
    void chainsAddUpToTheInversionOfTheUiThread() throws IOException {
        JsonNode inversion = written(Samples.experiment(2)).at("/kernels/0/inversion");

        long chains = 0;
        for (JsonNode chain : inversion.at("/chains")) {
            chains += chain.at("/ns").longValue();
        }
        assertThat(chains).isPositive().isEqualTo(inversion.at("/uiNs").longValue());
    }

    @Test
    void partsOfTheFramesAddUpToTheirDuration() throws IOException {
        JsonNode frame = written(Samples.experiment(1)).at("/kernels/0/frames/worst/0");

        long parts = 0;
        for (String part : new String[] {"ownWork", "runnable", "lockWait", "gcPause", "sleep", "io", "handOff"}) {
            parts += frame.at("/breakdownNs/" + part).longValue();
        }
        assertThat(parts / 1e6).isEqualTo(frame.at("/frameDurationCpuMs").doubleValue());
    }

    @Test
    void whatCannotBeSaidIsNull() throws IOException {
        assertThat(written(Samples.single()).at("/trace").isNull()).isTrue();
        assertThat(written(Samples.experiment(1)).at("/comparisons/0/low").isNull()).isTrue();
    }

    @Test
    void sameExperimentGivesTheSameBytes(@TempDir Path folder) throws IOException {
        ResultJson.write(Samples.experiment(2), folder.resolve("a.json"));
        ResultJson.write(Samples.experiment(2), folder.resolve("b.json"));

        assertThat(folder.resolve("a.json")).hasSameBinaryContentAs(folder.resolve("b.json"));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void quantitiesAreMeansOverSeedsAndAreCompared() throws IOException {
        JsonNode root = written(Samples.ofQuantities());

        assertThat(root.at("/kernels/0/quantities/VmPTE/unit").stringValue()).isEqualTo("kB");
        assertThat(root.at("/kernels/0/quantities/VmPTE/mean").doubleValue()).isEqualTo(105);
        assertThat(root.at("/comparisons").findValuesAsString("metric")).contains("quantity.VmPTE");
    }
}
