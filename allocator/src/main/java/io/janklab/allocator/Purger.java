package io.janklab.allocator;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The threads that return unused pages to the kernel.
public enum Purger {
    /// The application thread whose allocation happens to tick: jemalloc's default, without any timer.
    TICKING_THREAD,
    /// jemalloc's own background threads (`background_thread:true`). Scudo has none: there it is one thread, a what-if.
    BACKGROUND_THREAD,
    /// ART's HeapTaskDaemon, at nice 4; application threads never purge.
    HEAP_TASK_DAEMON;

    /// The name in options and scenarios: `ticking-thread`.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// In words, for readers of results.
    public String words() {
        return switch (this) {
            case TICKING_THREAD -> "whichever thread allocates or frees";
            case BACKGROUND_THREAD -> "a thread of the heap's own";
            case HEAP_TASK_DAEMON -> "the HeapTaskDaemon";
        };
    }

    /// All names, in order.
    public static List<String> keys() {
        return Stream.of(values()).map(Purger::key).toList();
    }

    /// The purger of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Purger parse(String key) {
        int index = keys().indexOf(key);
        if (index < 0) {
            throw Conf.bad("purger", key, String.join(" or ", keys()));
        }
        return values()[index];
    }
}
