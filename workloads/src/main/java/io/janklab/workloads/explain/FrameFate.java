package io.janklab.workloads.explain;

import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.sweep.OnEveryCore;
import io.janklab.workloads.sweep.Run;
import io.janklab.workloads.sweep.RunSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fate of one frame on a kernel: the run of its seed, repeated there, with the frame of the same vsync picked out.
///
/// @param frame null if no frame of that vsync was drawn, an earlier one being shown instead
public record FrameFate(KernelProfile kernel, @Nullable FrameReport frame) {
    /// Whether it met its deadline.
    public boolean isInTime() {
        return frame != null && frame.overrunNs() <= 0;
    }

    /// On each of `kernels`, in their order.
    ///
    /// @param run   of the frame's seed, on any kernel
    /// @param token the frame's vsync id
    public static List<FrameFate> on(List<KernelProfile> kernels, RunSpec run, long token, Runnable ended) {
        return new OnEveryCore().map(kernels, kernel -> {
            FrameFate fate = new FrameFate(kernel, find(Coalitions.on(kernel, run), token));
            ended.run();
            return fate;
        });
    }

    /// Every frame of a run, in order of their ends.
    public static List<FrameReport> all(RunSpec run) {
        List<FrameReport> frames = new ArrayList<>();
        new Run(run).explaining(frames::add).execute();
        return frames;
    }

    private static @Nullable FrameReport find(RunSpec run, long token) {
        return all(run).stream().filter(report -> report.token() == token).findFirst().orElse(null);
    }
}
