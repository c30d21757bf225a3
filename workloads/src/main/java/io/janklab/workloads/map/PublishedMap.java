package io.janklab.workloads.map;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// A map that `janklab map` has drawn and that comes with the program: its `map.json`, in this package's folder.
///
/// @param command that made it
/// @param kernels the two that it compares
/// @param set the changed keys of the scenario, except the two varied ones
/// @param metric the name it has in a comparison
/// @param seeds of each cell
/// @param cells row by row
public record PublishedMap(
        String command,
        List<String> kernels,
        String scenario,
        String device,
        Map<String, String> set,
        String metric,
        int seeds,
        Axis x,
        Axis y,
        List<List<Cell>> cells) {
    private static final String FOLDER = "/io/janklab/workloads/map/";
    private static final List<String> NAMES = List.of(
            "jobs-6.1-6.12", "jobs-inherit", "devices-6.1-6.12", "scroll-6.1-6.6", "scroll-6.12-6.17", "launch-6.1-6.6");
    private static final String DEVICE = "device";

    public PublishedMap {
        kernels = List.copyOf(kernels);
        set = Map.copyOf(set);
        cells = cells.stream().map(List::copyOf).toList();
    }

    /// The key that varies along one side.
    public record Axis(String key, List<String> values) {
        public Axis {
            values = List.copyOf(values);
        }
    }

    /// @param from the first kernel's value, in words
    /// @param difference in the metric's unit
    /// @param beyondChance whether it is
    /// @param command that compares the two kernels there
    public record Cell(String from, double difference, boolean beyondChance, String command) {}

    /// All there are.
    public static List<PublishedMap> all() {
        return NAMES.stream().map(PublishedMap::read).toList();
    }

    private static PublishedMap read(String name) {
        try (InputStream in = Objects.requireNonNull(PublishedMap.class.getResourceAsStream(FOLDER + name + ".json"), name)) {
            return JsonMapper.shared().treeToValue(JsonMapper.shared().readTree(in).get("map"), PublishedMap.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The cell in which that setting lies, in words; empty if it lies in none.
    public Optional<String> place(Setting setting) {
        for (int row = 0; row < y.values.size(); row++) {
            for (int column = 0; column < x.values.size(); column++) {
                Map<String, String> at = new LinkedHashMap<>(set);
                at.put(x.key, x.values.get(column));
                at.put(y.key, y.values.get(row));
                if (isAt(setting, at)) {
                    return Optional.of(words(cells.get(row).get(column), at));
                }
            }
        }
        return Optional.empty();
    }

    private boolean isAt(Setting setting, Map<String, String> at) {
        Map<String, String> keys = new LinkedHashMap<>(at);
        String theDevice = Objects.requireNonNullElse(keys.remove(DEVICE), device);
        Scenario there = Scenario.find(scenario, Changes.of(keys).scenario());
        return there.isLike(setting.scenario()) && there.on(Device.find(theDevice)).equals(setting.device());
    }

    private String words(Cell cell, Map<String, String> at) {
        long beyond = cells.stream().flatMap(List::stream).filter(Cell::beyondChance).count();
        String share = beyond + " of " + cells.stream().mapToLong(List::size).sum() + " cells";
        String point = String.join(" to ", kernels) + " at " + x.key + "=" + at.get(x.key) + ", " + y.key + "=" + at.get(y.key);
        return point + ", " + seeds + " seeds"
                + (cell.beyondChance ? ": beyond chance, as are " + share : ": no difference; " + share + " differ");
    }
}
