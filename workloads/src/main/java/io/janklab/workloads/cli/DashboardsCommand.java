package io.janklab.workloads.cli;

import io.janklab.workloads.cli.common.CommonOptions;
import java.util.concurrent.Callable;
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
    @Mixin
    private CommonOptions common = new CommonOptions("janklab-dashboards");

    @Override
    public Integer call() {
        return new DashboardsJob(common.output()).run();
    }
}
