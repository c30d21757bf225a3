package io.janklab.dashboards.grafana;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes what Grafana and Prometheus need to show Janklab's meters.
public final class Provisioning {
    private static final List<String> FILES = List.of(
            "grafana/dashboards/overview.json",
            "grafana/dashboards/locks.json",
            "grafana/dashboards/inversion.json",
            "grafana/dashboards/allocator.json",
            "grafana/dashboards/kernels.json",
            "grafana/provisioning/dashboards/janklab.yml",
            "grafana/provisioning/datasources/janklab.yml",
            "prometheus/prometheus.yml",
            "prometheus/rules.yml");

    private Provisioning() {}

    /// Paths below the folder they are written into.
    public static List<String> files() {
        return FILES;
    }

    /// @throws IOException if a file cannot be written
    public static void writeInto(Path folder) throws IOException {
        for (String file : FILES) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream resource = Provisioning.class.getResourceAsStream(file)) {
                Files.copy(resource, target);
            }
        }
    }
}
