package io.janklab.workloads.live.compute;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The question that each view of a page waits for: a new question cancels the one before.
public final class Views {
    private final Map<String, Cancellation> current = new ConcurrentHashMap<>();

    /// The view of that name asks something new.
    public Cancellation ask(String view) {
        Cancellation cancellation = new Cancellation();
        Cancellation before = current.put(view, cancellation);
        if (before != null) {
            before.cancel();
        }
        return cancellation;
    }

    /// The view of that name no longer wants anything.
    public void cancel(String view) {
        Cancellation asked = current.remove(view);
        if (asked != null) {
            asked.cancel();
        }
    }

    /// That question has been answered or cancelled.
    public void end(String view, Cancellation cancellation) {
        current.remove(view, cancellation);
    }

    /// How many are waiting.
    public int waiting() {
        return current.size();
    }
}
