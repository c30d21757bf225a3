package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.HeatMap;
import io.janklab.dashboards.report.html.HeatMapHtml;
import io.janklab.dashboards.report.text.HeatMapText;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.map.MapJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A whole map as text, as JSON and as a page.
record MapFiles(MapPlan plan, HeatMap map) implements OutputFolder.Maker {
    static final String JSON = "map.json";
    static final String KEY = "map";
    private static final String HTML = "map.html";
    static final List<String> NAMES = List.of(JSON, HTML);

    @Override
    public void makeIn(Path folder) throws IOException {
        Files.writeString(folder.resolve(JSON), json());
        Files.writeString(folder.resolve(HTML), HeatMapHtml.text(map));
    }

    /// The map is whole: its journal goes.
    @Override
    public boolean isLeftover(String name) {
        return name.equals(MapJournal.NAME);
    }

    String text() {
        return HeatMapText.of(map);
    }

    /// As [io.janklab.workloads.map.PublishedMap] reads it.
    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", map.title());
        json.put("command", plan.command());
        json.put("kernels", plan.kernels());
        json.put("scenario", plan.base().values().get(Side.SCENARIO));
        json.put("device", plan.base().values().get(Side.DEVICE));
        json.put("set", plan.base().changes());
        json.put("metric", map.metric());
        json.put("seeds", plan.grid().plan().seeds().size());
        json.put("x", axis(map.x(), map.xs()));
        json.put("y", axis(map.y(), map.ys()));
        json.put("cells", map.cells().stream().map(row -> row.stream().map(MapFiles::cell).toList()).toList());
        return JsonText.of(Map.of(KEY, json));
    }

    private static Map<String, Object> axis(String key, List<String> values) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("values", values);
        return json;
    }

    private static Map<String, Object> cell(HeatMap.Cell cell) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", cell.from());
        json.put("difference", cell.comparison().difference());
        json.put("low", cell.comparison().low());
        json.put("high", cell.comparison().high());
        json.put("p", cell.comparison().p());
        json.put("beyondChance", cell.comparison().isBeyondChance());
        json.put("command", cell.command());
        return json;
    }
}
