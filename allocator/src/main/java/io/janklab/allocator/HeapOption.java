package io.janklab.allocator;

import java.util.List;

/// The options of an arena heap: jemalloc 5.3's own keys and defaults (`src/jemalloc.c`, `malloc_conf_init_helper`), then ours.
///
/// The value of a numeric option is the number; that of a word option, the word's index.
public enum HeapOption {
    NARENAS("narenas", 0, 0, 4094, "automatic arenas; 0 or default: four per CPU"),
    TCACHE("tcache", "true", "whether threads cache freed blocks", "false", "true"),
    TCACHE_MAX("tcache_max", 32_768, 0, 8 << 20, "largest size class cached (bytes)"),
    LG_TCACHE_NSLOTS_MUL("lg_tcache_nslots_mul", 1, -16, 16, "cache slots per region of a slab (log2)"),
    TCACHE_NSLOTS_SMALL_MIN("tcache_nslots_small_min", 20, 1, 2048, "fewest cache slots of a small class"),
    TCACHE_NSLOTS_SMALL_MAX("tcache_nslots_small_max", 200, 1, 2048, "most cache slots of a small class"),
    TCACHE_NSLOTS_LARGE("tcache_nslots_large", 20, 1, 2048, "cache slots of a large class"),
    TCACHE_GC_INCR_BYTES("tcache_gc_incr_bytes", 65_536, 1024, Long.MAX_VALUE, "bytes a thread allocates or frees between two cache GCs"),
    TCACHE_GC_DELAY_BYTES("tcache_gc_delay_bytes", 0, 0, Long.MAX_VALUE, "bytes of a small class a GC spares before it flushes"),
    LG_TCACHE_FLUSH_SMALL_DIV("lg_tcache_flush_small_div", 1, 1, 16, "share of a full small bin that stays when flushed (log2 of 1/x)"),
    LG_TCACHE_FLUSH_LARGE_DIV("lg_tcache_flush_large_div", 1, 1, 16, "the same of a large bin"),
    DIRTY_DECAY_MS("dirty_decay_ms", 10_000, -1, Long.MAX_VALUE / 2_000_000, "time for dirty pages to decay (ms); 0: at once, -1: never"),
    MUZZY_DECAY_MS("muzzy_decay_ms", 0, -1, Long.MAX_VALUE / 2_000_000, "time for muzzy pages to decay (ms); 0 skips the stage"),
    RETAIN("retain", "true", "keep address space instead of unmapping it", "false", "true"),
    OVERSIZE_THRESHOLD("oversize_threshold", 8 << 20, 0, Long.MAX_VALUE, "size from which blocks get an arena of their own (bytes)"),
    LG_EXTENT_MAX_ACTIVE_FIT("lg_extent_max_active_fit", 6, 0, 64, "largest dirty extent, over the request, that may be split (log2)"),
    MAX_BACKGROUND_THREADS("max_background_threads", 4, 1, 4095, "most background threads"),
    CACHE_OBLIVIOUS("cache_oblivious", "true", "large blocks start at a random cache line of their first page", "false", "true"),
    ZERO_REALLOC("zero_realloc", "free", "the effect of realloc(p, 0)", "alloc", "free"),

    // Ours
    PURGER("purger", Purger.TICKING_THREAD.key(), "who purges; background_thread:true is the same as purger:background-thread",
            Purger.TICKING_THREAD.key(), Purger.BACKGROUND_THREAD.key(), Purger.HEAP_TASK_DAEMON.key()),
    PURGE_LAZY("purge_lazy", "free", "madvise advice from dirty to muzzy", "free", "dontneed"),
    PURGE_FORCED("purge_forced", "dontneed", "madvise advice to retained", "free", "dontneed");

    private final String key;
    private final long defaultValue;
    private final long min;
    private final long max;
    private final String meaning;
    private final List<String> words;

    HeapOption(String key, long defaultValue, long min, long max, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.min = min;
        this.max = max;
        this.meaning = meaning;
        this.words = List.of();
    }

    HeapOption(String key, String defaultWord, String meaning, String... words) {
        this.key = key;
        this.words = List.of(words);
        this.defaultValue = this.words.indexOf(defaultWord);
        this.min = 0;
        this.max = words.length - 1L;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public long defaultValue() {
        return defaultValue;
    }

    public String meaning() {
        return meaning;
    }

    /// A description of the permitted values.
    public String range() {
        return words.isEmpty() ? min + " to " + max : String.join(" | ", words);
    }

    /// The value of a text.
    ///
    /// @throws IllegalArgumentException if it has none
    long parse(String text) {
        if (!words.isEmpty()) {
            int index = words.indexOf(text);
            if (index < 0) {
                throw Conf.bad(key, text, String.join(" or ", words));
            }
            return index;
        }
        return Conf.number(key, text, min, max);
    }

    /// The text of a value, as [#parse] reads it.
    public String text(long value) {
        return words.isEmpty() ? Long.toString(value) : words.get((int) value);
    }
}
