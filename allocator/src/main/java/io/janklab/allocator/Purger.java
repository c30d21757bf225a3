package io.janklab.allocator;

import java.util.Locale;

/// Who gives unused pages back to the kernel.
public enum Purger {
    /// The application thread whose allocation happens to tick: jemalloc's default, no timer anywhere.
    TICKING_THREAD,
    /// jemalloc's own background threads (`background_thread:true`).
    BACKGROUND_THREAD,
    /// ART's HeapTaskDaemon, at nice 4; application threads never purge.
    HEAP_TASK_DAEMON;

    /// The name in options and scenarios: `ticking-thread`.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
