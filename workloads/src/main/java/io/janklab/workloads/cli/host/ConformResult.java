package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The result of `janklab conform`.
///
/// @param program the file, or null for random programs
/// @param origin of programs that come from no file: what they are; how long, from which seed
/// @param properties the properties of the host
/// @param obstacles why the program cannot be compared here; empty if it can, or for random programs
/// @param agreed how many programs behaved alike on both kernels
/// @param divergence a program that did not; null if there was none
record ConformResult(HostKernel host, HostProperties properties, @Nullable Path program, @Nullable String origin,
        List<String> obstacles, long agreed, @Nullable String divergence) implements OutputFolder.Maker {
    static final String FILE = "conform.json";
    static final String KEY = "kernel";
    private static final String DIVERGENCE = "divergence.txt";

    /// A program for `janklab conform --program`, where there is one; all else stands in its comments.
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("# Linux ").append(host.release()).append(" against the simulated ").append(host.profile().name());
        text.append(" (").append(host.architecture()).append(")\n");
        properties.table().forEach(line -> text.append("#   ").append(line).append('\n'));
        properties.caveats().forEach(caveat -> text.append("# Random programs do without: ").append(caveat).append('\n'));
        obstacles.forEach(obstacle -> text.append("# Not compared: ").append(obstacle).append('\n'));
        if (program == null) {
            text.append("# ").append(agreed)
                    .append(agreed == 1 ? " program (" : " programs (").append(origin).append(") agreed.\n");
        }
        return text + (divergence != null ? divergence : isSkipped() ? "" : "# The kernels agree.\n");
    }

    private boolean isSkipped() {
        return !obstacles.isEmpty();
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("host", host.release());
        all.put("kernel", host.profile().name());
        all.put("architecture", host.architecture().toString());
        all.put("program", program == null ? null : program.toString());
        all.put("origin", origin);
        all.put("properties", properties.asMap());
        all.put("obstacles", obstacles);
        all.put("agreed", agreed);
        all.put("divergence", divergence);
        return JsonText.of(all);
    }

    /// For comparison with a second run's.
    String cameTo() {
        return agreed + " programs agreed, " + (divergence == null ? "none disagreed" : "then:\n" + divergence);
    }

    List<String> files() {
        return divergence == null ? List.of(FILE) : List.of(FILE, DIVERGENCE);
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), json());
        if (divergence != null) {
            Files.writeString(folder.resolve(DIVERGENCE), divergence);
        }
    }

    @Override
    public boolean isLeftover(String name) {
        return name.equals(DIVERGENCE);
    }
}
