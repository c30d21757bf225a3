package io.janklab.dashboards.measure.result;

/// The name of a watched task in chains.
public final class Role {
    public static final String UI = "UI";
    public static final String RENDER_THREAD = "RenderThread";

    private Role() {}

    /// Whether a watched task is called so.
    public static boolean isWatched(String name) {
        return name.equals(UI) || name.equals(RENDER_THREAD);
    }
}
