package io.janklab.workloads.cli;

import io.janklab.dashboards.grafana.Provisioning;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `janklab dashboards`: what Grafana and Prometheus need to show a run.
@Command(
        name = "dashboards",
        mixinStandardHelpOptions = true,
        description = {
            "Writes Grafana dashboards with their provisioning, and a Prometheus configuration with rules.",
            "They go into --out (default: janklab-dashboards), with dashboards.json, which lists them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input"})
final class DashboardsCommand implements Callable<Integer> {
    private static final String FILE = "dashboards.json";

    @Mixin
    private CommonOptions common = new CommonOptions("janklab-dashboards");

    @Override
    public Integer call() {
        common.output().nothingToVerify();
        String json = JsonText.of(Map.of("files", Provisioning.files()));
        common.output().folder(FILE, "files").orElseThrow().write(making -> {
            Provisioning.writeInto(making);
            Files.writeString(making.resolve(FILE), json);
        });
        common.output().print(this::text, () -> json);
        return ExitCode.OK;
    }

    private String text() {
        Path folder = common.output().requiredFolder();
        return Provisioning.files().stream().map(file -> folder.resolve(file) + "\n").collect(Collectors.joining());
    }
}
