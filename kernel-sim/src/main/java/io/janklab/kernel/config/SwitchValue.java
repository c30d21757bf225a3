package io.janklab.kernel.config;

import java.util.Locale;

/// A value of a [Switch]. The declaration of a switch lists its permitted values.
public enum SwitchValue {
    ALL, ALWAYS, ANON, ANON_VMA, AROUND, AS_THEY_ARE, BOUNDED_BYPASS, COLLAPSE, DONTNEED_LOCKED, DOWNGRADE_ON_FAULT, ESTIMATE,
    EXACT, FIRST_PAGE, FLUSH, FOLIO, FORGET, FULL, HINTS, HOLD, HUGE, IGNORE, INHERIT, KILLABLE, LAZY, LAZYFREE, LINUX, LOWER_FIRST,
    MADVISE, MAP_PAGES, MARKED, MINOR, MISSING, MMAP, MMAP_PAGE, MMAP_RANGE, MMAP_TRYLOCK, MOVED, NEVER, NEW, NONE, OFF, OLD,
    OLD_FIRST, ON, ONE_MAPPING, ONWARDS, PAGE, PAGEOUT, PAGE_TABLE, PHASE_FAIR, PKEY, POPULATE_WRITE, PRIVATE, PROXY, RANGES, RCU,
    READABLE, READER_SPIN, REFCOUNT, REFUSED, RESTORED, RETRY, RETRY_UNDER_VMA_LOCK, RWSEM, SCAN, SEMI_RCU, SEVERAL, SKIP,
    SPECULATIVE, SPLIT, STOP, SWAP_BACKED, TRYLOCK, UNCONTENDED, UNINTERRUPTIBLE, VECTOR, VMA, VMA_IRQ_OFF, VMA_RCU, WP,
    WRITER_BOOST;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// @throws IllegalArgumentException if there is none of that label
    static SwitchValue of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /// As in `--set key=value` and in `result.json`.
    public String label() {
        return label;
    }
}
