package io.janklab.kernel.syscall;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.proc.ProcFile;

/// A file descriptor of `/proc/PID/maps`, `smaps` or `numa_maps`.
public final class ProcFd {
    private final ProcFile file;
    private final CostModel costs;

    ProcFd(ProcFile file, CostModel costs) {
        this.file = file;
        this.costs = costs;
    }

    /// `read(2)` into a large buffer: whole records, a page of text at most; empty at the end.
    public String read(Task task) {
        task.charge(costs.ns(Cost.SYSCALL));
        String text = file.read(task);
        task.charge(text.length() * costs.ns(Cost.COPY_USER_PAGE) / Hardware.PAGE_SIZE);
        task.settle();
        return text;
    }

    /// Reads to the end, as `cat` does.
    public String readAll(Task task) {
        StringBuilder all = new StringBuilder();
        for (String some = read(task); !some.isEmpty(); some = read(task)) {
            all.append(some);
        }
        return all.toString();
    }
}
