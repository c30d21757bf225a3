package io.janklab.workloads.host.contend;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import io.janklab.workloads.host.calibrate.HostCosts;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Measurements as a JSON file, so that they can be predicted again without being measured again.
final class ContentionFile {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ContentionFile() {}

    static byte[] write(ContentionRuns runs) {
        ObjectNode file = JSON.createObjectNode();
        file.put("release", runs.release());
        file.put("architecture", runs.architecture().name());
        file.set("properties", JSON.valueToTree(runs.properties().asMap()));
        file.put("cores", runs.cores());
        file.put("memoryBytes", runs.memoryBytes());
        file.put("durationNs", runs.durationNs());
        file.put("preemption", runs.preemption());
        writeCosts(file, runs.costs());
        ObjectNode touch = file.putObject("touchNs");
        runs.touchNs().forEach(touch::put);
        ObjectNode measured = file.putObject("measured");
        runs.measured().forEach((contention, latencies) -> measured.put(contention.name(), latencies.encode()));
        return (JSON.writeValueAsString(file) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void writeCosts(ObjectNode file, HostCosts costs) {
        ObjectNode ns = file.putObject("costs");
        costs.ns().forEach((cost, each) -> ns.put(cost.key(), each));
        ObjectNode spreads = file.putObject("spreads");
        costs.spreads().forEach((cost, spread) -> spreads.set(cost.key(), JSON.valueToTree(spread.values())));
        ObjectNode interruptions = file.putObject("interruptions").put("perSecond", costs.interruptions().perSecond());
        interruptions.set("ns", JSON.valueToTree(costs.interruptions().lasting().values()));
    }

    private static HostCosts readCosts(JsonNode file) {
        Map<Cost, Long> costs = new EnumMap<>(Cost.class);
        for (Map.Entry<String, JsonNode> cost : require(file, "costs").properties()) {
            costs.put(cost(cost.getKey()), cost.getValue().asLong());
        }
        Map<Cost, Spread> spreads = new EnumMap<>(Cost.class);
        for (Map.Entry<String, JsonNode> spread : require(file, "spreads").properties()) {
            spreads.put(cost(spread.getKey()), spread(spread.getValue()));
        }
        JsonNode interruptions = require(file, "interruptions");
        return new HostCosts(costs, spreads, new Interruptions(require(interruptions, "perSecond").asDouble(),
                spread(require(interruptions, "ns"))));
    }

    private static Spread spread(JsonNode values) {
        return new Spread(JSON.convertValue(values, long[].class));
    }

    /// @throws BadInput if it cannot be read, or is not what [#write] makes
    static ContentionRuns read(Path path) {
        try {
            return parse(JSON.readTree(Files.readString(path)));
        } catch (IOException e) {
            throw new BadInput(path + " cannot be read.");
        } catch (JacksonException | IllegalArgumentException e) {
            throw new BadInput(path + " holds no measurements of validate: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("it cannot be parsed") + ".");
        }
    }

    private static ContentionRuns parse(JsonNode file) {
        HostCosts costs = readCosts(file);
        Map<String, Long> touchNs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> touch : require(file, "touchNs").properties()) {
            touchNs.put(touch.getKey(), touch.getValue().asLong());
        }
        Map<Contention, OperationLatencies> measured = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> run : require(file, "measured").properties()) {
            measured.put(contention(run.getKey()), OperationLatencies.decode(run.getValue().asString()));
        }
        return new ContentionRuns(
                require(file, "release").asString(),
                Architecture.valueOf(require(file, "architecture").asString()),
                properties(file.path("properties")),
                require(file, "preemption").asString(),
                require(file, "cores").asInt(),
                require(file, "memoryBytes").asLong(),
                require(file, "durationNs").asLong(),
                costs,
                touchNs,
                measured);
    }

    /// Files of earlier versions have none.
    private static HostProperties properties(JsonNode byName) {
        List<HostProperty> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : byName.properties()) {
            all.add(HostProperty.told(property.getKey(), require(property.getValue(), "host").asString(),
                    require(property.getValue(), "simulated").asString()));
        }
        return new HostProperties(all);
    }

    private static JsonNode require(JsonNode file, String field) {
        JsonNode value = file.get(field);
        if (value == null) {
            throw new IllegalArgumentException("'" + field + "' is missing");
        }
        return value;
    }

    private static Cost cost(String key) {
        return Arrays.stream(Cost.values())
                .filter(cost -> cost.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no cost '" + key + "'"));
    }

    private static Contention contention(String name) {
        return Contention.all().stream()
                .filter(contention -> contention.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload '" + name + "'"));
    }
}
