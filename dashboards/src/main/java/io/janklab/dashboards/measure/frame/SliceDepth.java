package io.janklab.dashboards.measure.frame;

/// Finds the end of one slice among the nested slices of a task.
final class SliceDepth {
    private static final int NONE = -1;

    private int depth;
    private int markedAt = NONE;

    /// A slice begins; returns whether it is one to mark (the outermost of its kind).
    boolean begins(boolean marked) {
        depth++;
        if (!marked || markedAt != NONE) {
            return false;
        }
        markedAt = depth;
        return true;
    }

    /// The innermost slice ends; returns whether it was the marked one.
    boolean ends() {
        boolean wasMarked = depth == markedAt;
        if (wasMarked) {
            markedAt = NONE;
        }
        depth = Math.max(0, depth - 1);
        return wasMarked;
    }
}
