package io.janklab.dashboards.android;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.result.FrameTimes;
import java.util.List;
import java.util.Locale;

/// How the three counts of janky frames of one kernel hang together, in words: Android's tools do not count alike.
public final class JankCounts {
    private JankCounts() {}

    /// The three counts alone, for a line about several kernels.
    ///
    /// @param runs what hwui counts in each of the kernel's runs
    public static String counts(KernelResult kernel, List<ProfileData> runs) {
        ProfileData hwui = sum(runs);
        return String.format(Locale.ROOT, "%s %,d / %,d / %,d", kernel.name(), kernel.frames().janky(), hwui.jankFrames(),
                hwui.jankFramesLegacy());
    }

    /// What a line of [#counts] is about.
    public static String heading() {
        return "Janky frames as late ones (here, in result.json and Perfetto) / as gfxinfo counts / by its legacy rule: ";
    }

    private static ProfileData sum(List<ProfileData> runs) {
        ProfileData all = new ProfileData();
        runs.forEach(all::add);
        return all;
    }

    /// @param runs what hwui counts in each of the kernel's runs
    public static String sentence(KernelResult kernel, List<ProfileData> runs) {
        ProfileData hwui = sum(runs);
        FrameTimes frames = kernel.frames();
        return String.format(Locale.ROOT, "Of %,d frames on %s %,d were late: on the display after their deadline. That is the count of "
                + "janky frames here, in result.json and, as \"App Deadline Missed\", in a Perfetto trace. gfxinfo counts %,d as janky, "
                + "for it looks at when the GPU is done, and lets a frame behind a late one be a refresh later; and %,d by its legacy "
                + "rule: longer than one refresh from vsync until the buffer is queued, though the deadline is later.",
                frames.count(), kernel.name(), frames.janky(), hwui.jankFrames(), hwui.jankFramesLegacy());
    }
}
