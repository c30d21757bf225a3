package io.janklab.dashboards.report.json;

import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.compare.SavedResult;
import io.janklab.dashboards.compare.SeedFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads from a `result.json` what a later comparison needs.
public final class SavedResultJson {
    private SavedResultJson() {}

    /// @throws IOException if it is not a `result.json`, with a message; the figures of each seed are in those written since `diff` exists
    public static SavedResult read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(file);
        } catch (JacksonException e) {
            throw new IOException("it is not JSON", e);
        }
        List<Long> seeds = new ArrayList<>();
        root.path("seeds").forEach(seed -> seeds.add(seed.asLong(0)));
        List<SeedFigures> kernels = new ArrayList<>();
        for (JsonNode kernel : root.path("kernels")) {
            Map<String, double[]> bySeed = figures(kernel.path("bySeed"), seeds.size());
            kernels.add(new SeedFigures(kernel.path("name").asString(""), seeds, bySeed, units(kernel.path("quantities"))));
        }
        if (kernels.isEmpty() || seeds.isEmpty()) {
            throw new IOException("it is not a result of run or compare");
        }
        return new SavedResult(file.toString(), root.path("scenario").asString(""), root.path("device").asString(""),
                root.path("headline").asString(""), kernels);
    }

    private static Map<String, String> units(JsonNode quantities) {
        Map<String, String> units = new LinkedHashMap<>();
        quantities.properties().forEach(
                quantity -> units.put(Quantity.METRIC_PREFIX + quantity.getKey(), quantity.getValue().path("unit").asString("")));
        return units;
    }

    private static Map<String, double[]> figures(JsonNode bySeed, int seeds) throws IOException {
        if (bySeed.isEmpty()) {
            throw new IOException("it has no figures of each seed (bySeed): write it again with this version");
        }
        Map<String, double[]> figures = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> metric : bySeed.properties()) {
            double[] values = new double[seeds];
            if (metric.getValue().size() != seeds) {
                throw new IOException("its metric " + metric.getKey() + " has not as many values as there are seeds");
            }
            for (int i = 0; i < seeds; i++) {
                JsonNode value = metric.getValue().get(i);
                values[i] = value.isNumber() ? value.doubleValue() : Double.NaN;
            }
            figures.put(metric.getKey(), values);
        }
        return figures;
    }
}
