package io.janklab.kernel.mm;

import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;

/// Records every page fault.
public final class FaultLog implements TraceListener {
    private final List<FaultKind> kinds = new ArrayList<>();
    private final List<FaultPath> paths = new ArrayList<>();

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {
        kinds.add(kind);
        paths.add(path);
    }

    public List<FaultKind> kinds() {
        return kinds;
    }

    public List<FaultPath> paths() {
        return paths;
    }
}
