package io.janklab.dashboards.measure.result;

import java.util.Set;

/// The threads that make an app's frames, by the names that frameworks give them: Android's own, Flutter's and Unity's.
public final class FrameThreads {
    private static final Set<String> BUILD = Set.of("1.ui", "UnityMain");
    private static final Set<String> DRAW = Set.of(Role.RENDER_THREAD, "1.raster", "UnityGfxDevice");

    private FrameThreads() {}

    /// Whether it builds frames, as the main thread does.
    public static boolean builds(int tid, int tgid, String name) {
        return tid == tgid || BUILD.contains(name);
    }

    /// Whether it draws what another has built, as RenderThread does.
    public static boolean draws(String name) {
        return DRAW.contains(name);
    }
}
