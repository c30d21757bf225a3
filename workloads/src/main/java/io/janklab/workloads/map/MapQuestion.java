package io.janklab.workloads.map;

import io.janklab.workloads.input.BadInput;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What a map was asked, as its journal keeps it.
///
/// @param options of `janklab map` as the user gave them, each with its values, by name; none of those that only say where output goes
/// @param cells how many it has
/// @param files fingerprints (SHA-256) of the files that determine its runs, by what they are
public record MapQuestion(Map<String, List<String>> options, int cells, Map<String, String> files) {
    public MapQuestion {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /// Checks that the files are still those it was begun with.
    ///
    /// @param now the same question, asked now
    /// @throws BadInput if not
    public void checkFiles(MapQuestion now) {
        now.files.forEach((file, fingerprint) -> {
            if (!fingerprint.equals(files.get(file))) {
                throw new BadInput("the " + file + " has changed since the map was begun: cells before and after do not belong together."
                        + " Begin a new one with another --out.");
            }
        });
    }

    /// Options as arguments of a command: `--x`, `load.jobs.threads=0,4`.
    public static List<String> arguments(Map<String, List<String>> options) {
        return options.entrySet().stream().flatMap(option -> option.getValue().isEmpty()
                ? Stream.of(option.getKey())
                : option.getValue().stream().flatMap(value -> Stream.of(option.getKey(), value))).toList();
    }
}
