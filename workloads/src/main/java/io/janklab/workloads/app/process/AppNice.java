package io.janklab.workloads.app.process;

/// Nice values as Android's: UI thread and RenderThread are boosted while the app is on top.
public final class AppNice {
    public static final int TOP_APP_BOOST = -10;
    public static final int NORMAL = 0;
    public static final int DAEMON = 4;
    public static final int BACKGROUND = 10;

    private AppNice() {}
}
