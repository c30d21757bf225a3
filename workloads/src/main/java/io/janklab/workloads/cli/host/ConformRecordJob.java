package io.janklab.workloads.cli.host;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.record.RecordRun;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;

/// The work of `conform --record`.
record ConformRecordJob(Output output, ConformRecordPlan plan) implements Job {
    @Override
    public int run() {
        return OnThisHost.run(output, this::record);
    }

    private int record(HostKernel host) {
        final byte[] recording;
        try (ProgressLine progress = new ProgressLine("recorded", plan.programs(), output.isSilent())) {
            recording = RecordRun.record(host, plan.kind(), plan.seed(), plan.programs(), plan.calls(), plan.isCompressed(),
                    count -> progress.step());
        }
        try {
            AtomicFile.write(plan.file(), out -> out.write(recording));
        } catch (IOException e) {
            throw new BadInput(plan.file() + " cannot be written.");
        }
        output.nothingToVerify();
        output.remark("Recorded in " + plan.file() + ": " + plan.programs() + " random programs of " + plan.calls() + " calls from seed "
                + plan.seed() + (plan.kind() == ProgramKind.ANONYMOUS ? ", and the scripted ones." : "."));
        return ExitCode.OK;
    }
}
