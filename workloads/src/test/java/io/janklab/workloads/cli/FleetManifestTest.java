package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The README's manifest, held against Kubernetes' own OpenAPI schema as its Java client has it.
final class FleetManifestTest {
    private static final Path MANIFEST = Path.of("fleet", "janklab-sweep.yaml");

    private static List<JsonNode> documents() throws IOException {
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(MANIFEST))) {
            return documents.readAll();
        }
    }

    private static JsonElement asGson(JsonNode node) {
        return JsonParser.parseString(JsonMapper.shared().writeValueAsString(node));
    }

    @Test
    void manifestIsWhatKubernetesTakes() throws IOException {
        List<JsonNode> documents = documents();

        assertThat(documents).hasSize(2);
        V1PersistentVolumeClaim.validateJsonElement(asGson(documents.get(0)));
        V1Job.validateJsonElement(asGson(documents.get(1)));
        String misspelt = Files.readString(MANIFEST).replace("completionMode", "completionsMode");
        assertThatThrownBy(() -> V1Job.validateJsonElement(asGson(new YAMLMapper().readTree(misspelt.substring(misspelt.indexOf("---"))))))
                .hasMessageContaining("completionsMode");
    }

    @Test
    void everyPodMakesOneOfAsManyShardsAsThereArePods() throws IOException {
        JsonNode job = documents().get(1).get("spec");
        List<String> args = new ArrayList<>();
        job.at("/template/spec/containers/0/args").forEach(arg -> args.add(arg.stringValue()));
        int shards = Integer.parseInt(args.get(args.indexOf("--shard") + 1));

        assertThat(job.get("completionMode").stringValue()).isEqualTo("Indexed");
        assertThat(job.get("completions").intValue()).isEqualTo(shards);
        // The command line takes it: all but the shard's index, which is not set here.
        assertThat(Main.commandLine().parseArgs(args.toArray(String[]::new)).subcommand().commandSpec().name()).isEqualTo("sweep");
    }
}
