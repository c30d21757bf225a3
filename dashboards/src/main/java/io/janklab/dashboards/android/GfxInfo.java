package io.janklab.dashboards.android;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.perfetto.TraceIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// `dumpsys gfxinfo PACKAGE framestats` of the app on one kernel, all seeds taken together: the counts, the line that names the pipeline,
/// by which tools tell a hwui dump from others, and the last seed's latest frames.
public final class GfxInfo {
    private static final long NS_PER_MS = 1_000_000;

    /// hwui's default on phones; drawing by OpenGL or Vulkan makes no difference to the simulation.
    private static final String PIPELINE = "Pipeline=Skia (OpenGL)";

    private GfxInfo() {}

    /// @param runs what was counted in each of the kernel's runs
    /// @param app the app's process name
    /// @throws IOException if the file cannot be written; there is then none
    public static void write(KernelResult kernel, List<ProfileData> runs, String app, Path file) throws IOException {
        AtomicFile.write(file, out -> out.write(text(kernel, runs, app).getBytes(StandardCharsets.UTF_8)));
    }

    static String text(KernelResult kernel, List<ProfileData> runs, String app) {
        ProfileData all = new ProfileData();
        runs.forEach(all::add);
        long uptimeMs = kernel.virtualNs() / NS_PER_MS;
        // As in the run's Perfetto trace.
        int pid = TraceIds.OFFSET + Math.max(0, kernel.measurements().getFirst().appTgid());
        return "Applications Graphics Acceleration Info:\n"
                + "Uptime: " + uptimeMs + " Realtime: " + uptimeMs + "\n\n"
                + "** Graphics info for pid " + pid + " [" + app + "] **\n"
                + all.dump() + "\n" + PIPELINE + "\n"
                + all.latest().dump();
    }
}
