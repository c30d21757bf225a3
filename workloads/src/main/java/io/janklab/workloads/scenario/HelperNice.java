package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;
import io.janklab.workloads.replay.ThreadRole;

/// Nice values of the app's helpers that allocate beside its frames: hwui's workers and its threads for incoming Binder calls.
public record HelperNice(int hwuiTask, int binder) {
    private static final String HWUI_TASK = "hwuiTask";
    private static final String BINDER = "binder:";

    static HelperNice from(Settings settings) {
        return new HelperNice((int) settings.integer("hwuiTask.nice", -20, 19), (int) settings.integer("binder.nice", -20, 19));
    }

    /// That of a thread of the heap trace: its own, if that is not the usual one of its name.
    public int of(ThreadRole role) {
        boolean isUsual = role.nice() == ThreadRole.named(role.name()).nice();
        if (isUsual && role.name().startsWith(HWUI_TASK)) {
            return hwuiTask;
        }
        return isUsual && role.name().startsWith(BINDER) ? binder : role.nice();
    }
}
