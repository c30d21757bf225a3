package io.janklab.workloads.cli.recording;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.recording.record.AndroidConfig;
import java.util.Map;

/// The work of `record --for-android`: prints what Perfetto on a phone needs to record `app`.
record AndroidConfigJob(Output output, String app, double seconds) implements Job {
    @Override
    public int run() {
        output.nothingToVerify();
        String config = AndroidConfig.text(app, seconds);
        output.print(() -> config, () -> JsonText.of(Map.of("config", config)));
        return ExitCode.OK;
    }
}
