package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.host.calibrate.Calibration;
import io.janklab.workloads.host.sys.HostKernel;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// The work of `calibrate`: measures, writes the folder, prints.
record CalibrateJob(Output output) implements Job {
    private static final String YAML = "costs.yaml";
    private static final String JSON = "calibration.json";

    @Override
    public int run() {
        output.nothingToVerify();
        Optional<OutputFolder> folder = output.folder(JSON, "costs");
        return OnThisHost.run(output, host -> measure(host, folder));
    }

    private int measure(HostKernel host, Optional<OutputFolder> folder) {
        Calibration calibration = Calibration.run();
        String yaml = calibration.yaml(host);
        String json = JsonText.of(calibration.summary(host));
        folder.ifPresent(out -> out.write(making -> {
            Files.writeString(making.resolve(YAML), yaml);
            Files.writeString(making.resolve(JSON), json);
        }));
        output.print(() -> yaml, () -> json);
        output.remarkWritten(List.of(YAML, JSON));
        calibration.warning().ifPresent(output::warn);
        return ExitCode.OK;
    }
}
