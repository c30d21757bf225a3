package io.janklab.kernel.mm.advise;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Errno;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// `process_madvise(2)`: one advice for several ranges of the caller or of another process (Linux `mm/madvise.c`).
public final class ProcessMadvise {
    /// `UIO_MAXIOV`.
    private static final int MAX_RANGES = 1024;

    private final Mm caller;
    private final boolean hintsOnly;
    private final boolean vectored;

    public ProcessMadvise(Mm caller) {
        this.caller = caller;
        this.hintsOnly = caller.memory().profile().is(Switch.PROCESS_MADVISE, SwitchValue.HINTS);
        this.vectored = caller.memory().profile().is(Switch.PROCESS_MADVISE, SwitchValue.VECTOR);
    }

    /// EINVAL for flags or too many ranges; ESRCH if `target` has no memory; EINVAL for an advice that may not be applied to it; EPERM
    /// without CAP_SYS_NICE.
    ///
    /// @param target the address space advised, or null if its process is gone
    /// @return bytes advised, or the first range's error
    public long advise(Task task, @Nullable Madvise target, long[] starts, long[] lengths, int advice, int flags) {
        if (flags != 0 || starts.length > MAX_RANGES) {
            return -Errno.EINVAL;
        }
        if (target == null) {
            return -Errno.ESRCH;
        }
        boolean remote = target.mm() != caller;
        if ((remote || hintsOnly) && !target.isHint(advice)) {
            return -Errno.EINVAL;
        }
        if ((remote || hintsOnly) && !caller.has(Capability.SYS_NICE)) {
            return -Errno.EPERM;
        }
        int[] visited = visited(lengths);
        long[] from = IntStream.of(visited).mapToLong(i -> starts[i]).toArray();
        long[] bytes = IntStream.of(visited).mapToLong(i -> lengths[i]).toArray();
        return vectored ? target.vector(task, from, bytes, advice) : oneByOne(task, target, from, bytes, advice);
    }

    /// The iterator skips empty ranges, valid or not, except the first; and never starts if all of them are empty.
    private static int[] visited(long[] lengths) {
        boolean allEmpty = LongStream.of(lengths).allMatch(length -> length == 0);
        return IntStream.range(0, lengths.length).filter(i -> lengths[i] != 0 || (i == 0 && !allEmpty)).toArray();
    }

    private static long oneByOne(Task task, Madvise target, long[] starts, long[] lengths, int advice) {
        long done = 0;
        for (int i = 0; i < starts.length; i++) {
            long error = target.madvise(task, starts[i], lengths[i], advice);
            if (error != 0) {
                return done > 0 ? done : error;
            }
            done += lengths[i];
        }
        return done;
    }
}
