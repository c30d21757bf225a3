package io.janklab.workloads.cli.live;

import io.janklab.workloads.input.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `janklab serve`, read and checked.
///
/// @param port 0 for any that is free
/// @param open whether the page is opened in this host's browser
/// @param recordings that pages may replay, by the name they ask for
/// @param longestNs of virtual time that a run of a page may last
record ServePlan(int port, boolean open, Map<String, Path> recordings, long longestNs) {
    ServePlan {
        recordings = Collections.unmodifiableMap(new LinkedHashMap<>(recordings));
    }

    /// @throws BadInput if a recording cannot be read, or two have the same name
    static ServePlan of(int port, boolean open, List<Path> recordings, long longestNs) {
        return new ServePlan(port, open, byName(recordings), longestNs);
    }

    private static Map<String, Path> byName(List<Path> recordings) {
        Map<String, Path> byName = new LinkedHashMap<>();
        for (Path file : recordings) {
            if (!Files.isReadable(file)) {
                throw new BadInput("--recording " + file + " cannot be read.");
            }
            if (byName.put(file.getFileName().toString(), file) != null) {
                throw new BadInput("--recording: two files are called " + file.getFileName() + ".");
            }
        }
        return byName;
    }
}
