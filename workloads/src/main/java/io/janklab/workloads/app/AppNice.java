package io.janklab.workloads.app;

/// Nice values as Android's: UI thread and RenderThread are boosted while the app is on top.
final class AppNice {
    static final int TOP_APP_BOOST = -10;
    static final int NORMAL = 0;
    static final int DAEMON = 4;
    static final int BACKGROUND = 10;

    private AppNice() {}
}
