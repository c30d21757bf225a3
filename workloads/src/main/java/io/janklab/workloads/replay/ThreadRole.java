package io.janklab.workloads.replay;

import io.janklab.workloads.input.OneLine;
import java.util.Map;

/// The name of a thread of a heap trace, and how urgent it is.
///
/// @param nice from -20 to 19
public record ThreadRole(String name, int nice) {
    public ThreadRole {
        name = OneLine.of(name);
    }

    /// The thread that draws an app's frames.
    public static final String MAIN = "main";
    public static final String RENDER_THREAD = "RenderThread";

    /// Nice values of an app's threads while it is in front, by the beginnings of their names: OomAdjuster's boost, hwui's CommonPoolBase,
    /// ART's daemons and jit_options.h, `THREAD_PRIORITY_BACKGROUND`.
    private static final Map<String, Integer> ANDROID = Map.of(
            MAIN, -10,
            RENDER_THREAD, -10,
            "hwuiTask", -2,
            "HeapTaskDaemon", 4,
            "ReferenceQueueD", 4,
            "Finalizer", 4,
            "Jit thread pool", 9,
            "Profile Saver", 9,
            "AsyncTask", 10,
            "pool-1-thread-", 10);

    /// A thread of that name, as urgent as Android's of that name; 0 if it has none.
    public static ThreadRole named(String name) {
        int nice = ANDROID.entrySet().stream().filter(known -> name.startsWith(known.getKey())).mapToInt(Map.Entry::getValue)
                .findFirst().orElse(0);
        return new ThreadRole(name, nice);
    }
}
