package io.janklab.workloads.cli;

import io.janklab.dashboards.grafana.Provisioning;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// The work of `dashboards`: writes what Grafana and Prometheus need, and prints its paths.
record DashboardsJob(Output output) implements Job {
    private static final String FILE = "dashboards.json";

    @Override
    public int run() {
        output.nothingToVerify();
        String json = JsonText.of(Map.of("files", Provisioning.files()));
        output.folder(FILE, "files").orElseThrow().write(making -> {
            Provisioning.writeInto(making);
            Files.writeString(making.resolve(FILE), json);
        });
        output.print(this::text, () -> json);
        return ExitCode.OK;
    }

    private String text() {
        Path folder = output.requiredFolder();
        return Provisioning.files().stream().map(file -> folder.resolve(file) + "\n").collect(Collectors.joining());
    }
}
