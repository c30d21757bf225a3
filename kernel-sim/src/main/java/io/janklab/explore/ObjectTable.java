package io.janklab.explore;

import java.util.Arrays;

/// For each object of one run, the step that last wrote it, and the step in which each actor last read it and last added to it.
public final class ObjectTable {
    public static final int NEVER = -1;

    private final Numbering objects = new Numbering();
    /// A row for each object: the last write's step, then the last read's step of each actor, then its last addition's.
    private int[] rows = new int[1024];
    private int actors;
    private int width = 1;

    /// Forgets everything; from here on there are `actors` actors.
    public void clear(int newActors) {
        objects.clear();
        actors = newActors;
        width = 1 + 2 * actors;
    }

    /// Where the row of an object that has been accessed is; [Numbering#UNKNOWN] or below otherwise.
    public int row(long access) {
        return objects.find(AccessLog.object(access)) * width;
    }

    /// The step of the last write, or [#NEVER].
    public int lastWrite(int row) {
        return rows[row];
    }

    /// The step of the actor's last read, or [#NEVER].
    public int lastRead(int row, int actor) {
        return rows[row + 1 + actor];
    }

    /// The step of the actor's last addition, or [#NEVER].
    public int lastAdd(int row, int actor) {
        return rows[row + 1 + actors + actor];
    }

    public void accessed(long access, int actor, int step) {
        int known = objects.count();
        int row = objects.numberOf(AccessLog.object(access)) * width;
        if (row + width > rows.length) {
            rows = Arrays.copyOf(rows, Math.max(rows.length * 2, row + width));
        }
        if (objects.count() > known) {
            Arrays.fill(rows, row, row + width, NEVER);
        }
        rows[row + column(AccessLog.mode(access), actor)] = step;
    }

    private int column(int mode, int actor) {
        return switch (mode) {
            case AccessLog.READ -> 1 + actor;
            case AccessLog.ADD -> 1 + actors + actor;
            default -> 0;
        };
    }
}
