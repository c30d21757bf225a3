package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.host.calibrate.Calibration;
import io.janklab.workloads.host.sys.HostKernel;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
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
    private static final String YAML = "costs.yaml";
    private static final String JSON = "calibration.json";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        common.output().nothingToVerify();
        Optional<OutputFolder> folder = common.output().folder(JSON, "costs");
        HostKernel host = HostKernel.current();
        if (host.obstacle() != null) {
            common.output().printObstacle(host.obstacle());
            return ExitCode.OK;
        }
        Calibration calibration = Calibration.run();
        String yaml = calibration.yaml(host);
        String json = JsonText.of(calibration.summary(host));
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve(YAML), yaml);
            Files.writeString(making.resolve(JSON), json);
        }));
        common.output().print(() -> yaml, () -> json);
        common.output().remarkWritten(List.of(YAML, JSON));
        calibration.warning().ifPresent(common.output()::warn);
        return ExitCode.OK;
    }
}
