package io.janklab.workloads.live.litmus;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One row of the table of valid lock states (`kernel-sim/LOCKING.md`, after Linux `Documentation/mm/process_addrs.rst`): what a task that
/// holds these locks of an address space may rely on.
///
/// @param mmapLock `-` none, `R` for reading, `W` for writing, or several of these
/// @param stable whether the VMA cannot go away, and its fields may be read
/// @param writeMost whether its fields may be changed, except those that rmap walks read
public record LockState(String mmapLock, String vmaLock, String rmapLock, boolean stable, boolean writeMost, boolean writeAll) {
    public static final List<LockState> TABLE = List.of(
            new LockState("-", "-", "-", false, false, false),
            new LockState("-", "R", "-", true, false, false),
            new LockState("-", "-", "R/W", true, false, false),
            new LockState("R/W", "-/R", "-/R/W", true, false, false),
            new LockState("W", "W", "-/R", true, true, false),
            new LockState("W", "W", "W", true, true, true));

    private static final int ONE_VMA = 1;
    private static final int RMAP_ALONE = 2;
    private static final int WHOLE_SPACE = 3;
    private static final int WRITE_MOST = 4;
    private static final int WRITE_ALL = 5;
    private static final Pattern MMAP = held("mmap_lock");
    private static final Pattern VMA = held("vma_lock");
    private static final Pattern RMAP = held("anon_vma|i_mmap");

    private static Pattern held(String lockClass) {
        return Pattern.compile("(?:^|, )(?:" + lockClass + ") [^,]*\\((read|write)\\)");
    }

    /// The row in force for a task that holds those locks. Of a state that is not in the table, such as a VMA lock and an rmap lock
    /// together, that of the stronger lock.
    ///
    /// @param holds as [io.janklab.explore.Step#holds]
    static int row(String holds) {
        char mmap = mode(MMAP, holds);
        char vma = mode(VMA, holds);
        char rmap = mode(RMAP, holds);
        if (mmap == 'W' && vma == 'W') {
            return rmap == 'W' ? WRITE_ALL : WRITE_MOST;
        }
        if (mmap != '-') {
            return WHOLE_SPACE;
        }
        if (vma != '-') {
            return ONE_VMA;
        }
        return rmap == '-' ? 0 : RMAP_ALONE;
    }

    /// The strongest mode in which a lock of that class is held.
    private static char mode(Pattern lock, String holds) {
        char mode = '-';
        for (Matcher held = lock.matcher(holds); held.find(); ) {
            mode = mode == 'W' || held.group(1).equals("write") ? 'W' : 'R';
        }
        return mode;
    }
}
