package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How late a late frame would have been, had one thing been otherwise.
///
/// @param how that thing, in words
/// @param overrunNs how late (ns); negative is in time
/// @param simulated whether this comes from a run in which that thing was otherwise, for the same seed and vsync; if not, its time is
/// subtracted from the frame alone, and everything before and after it is left unchanged
public record WhatIf(String how, long overrunNs, boolean simulated) {

    public boolean meetsDeadline() {
        return overrunNs <= 0;
    }

    /// With every lock granted at once, without collections, and on every other kernel; causes that had no part in the frame are left out.
    ///
    /// @param of the kernel the frame was late on
    static List<WhatIf> of(SeedFrame late, KernelResult of, List<KernelResult> kernels, @Nullable KernelResult bound) {
        List<WhatIf> all = new ArrayList<>();
        FrameReport frame = late.frame();
        if (bound != null && of == kernels.getFirst()) {
            simulated(all, "with every lock granted at once", late, bound);
        } else {
            subtracted(all, "without its waits for locks", frame, Part.LOCK_WAIT);
        }
        subtracted(all, "without the garbage collector in its way", frame, Part.GC_PAUSE);
        kernels.stream().filter(other -> other != of).forEach(other -> simulated(all, "on " + other.name(), late, other));
        return all;
    }

    private static void simulated(List<WhatIf> all, String how, SeedFrame late, KernelResult other) {
        SeedRun run = other.run(late.seed());
        OptionalLong overrun = run == null ? OptionalLong.empty() : run.measurement().frames().overrunOf(late.frame().token());
        overrun.ifPresent(ns -> all.add(new WhatIf(how, ns, true)));
    }

    private static void subtracted(List<WhatIf> all, String how, FrameReport frame, Part part) {
        long ns = frame.breakdown().ns(part);
        if (ns > 0) {
            all.add(new WhatIf(how, frame.overrunNs() - ns, false));
        }
    }
}
