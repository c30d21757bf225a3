package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.CommonOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `janklab calibrate`: what the steps of a kernel cost on this host.
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what the steps of this host's kernel cost and prints them as the 'costs' section of a device file.",
            "Leaves costs.yaml and calibration.json in --out, if that is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success, or this host cannot tell", "1:internal failure", "2:bad input"})
public final class CalibrateCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        return new CalibrateJob(common.output()).run();
    }
}
