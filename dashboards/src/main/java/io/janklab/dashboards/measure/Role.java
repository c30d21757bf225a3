package io.janklab.dashboards.measure;

/// The name of a watched task in chains.
final class Role {
    static final String UI = "UI";
    static final String RENDER_THREAD = "RenderThread";

    private Role() {}

    /// Whether a watched task is called so.
    static boolean isWatched(String name) {
        return name.equals(UI) || name.equals(RENDER_THREAD);
    }
}
