package io.janklab.dashboards.measure.span;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The trace slices that a task is in, outermost first, without garbage.
public final class OpenSlices {
    private String[] names = new String[4];
    private long[] since = new long[4];
    private int depth;

    public void begin(long now, String name) {
        if (depth == names.length) {
            names = Arrays.copyOf(names, 2 * depth);
            since = Arrays.copyOf(since, 2 * depth);
        }
        names[depth] = name;
        since[depth++] = now;
    }

    /// The name of the innermost; null if none is known.
    public @Nullable String innermost() {
        return depth == 0 ? null : names[depth - 1];
    }

    /// When the innermost began, if one is known.
    public long innermostSince() {
        return depth == 0 ? 0 : since[depth - 1];
    }

    /// The innermost ends; one that began before recording did is not known.
    public void end(long now, int tid, Spans spans) {
        if (depth > 0) {
            depth--;
            spans.slice(tid, names[depth], depth, since[depth], now);
        }
    }

    /// All of them, as far as they have come.
    public void record(long now, int tid, Spans spans) {
        for (int i = 0; i < depth; i++) {
            spans.slice(tid, names[i], i, since[i], now);
        }
    }
}
