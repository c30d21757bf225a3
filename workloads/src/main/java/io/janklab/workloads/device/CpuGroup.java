package io.janklab.workloads.device;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Android's cpusets (`system/core/rootdir/init.rc`).
public enum CpuGroup {
    /// The app in front, all its threads except those at nice 10 or more.
    TOP_APP("top-app"),
    /// Visible and system processes.
    FOREGROUND("foreground"),
    /// Everything out of sight, and threads at nice 10 or more.
    BACKGROUND("background"),
    SYSTEM_BACKGROUND("system-background");

    private final String key;

    CpuGroup(String key) {
        this.key = key;
    }

    /// The name in a device file.
    public String key() {
        return key;
    }

    /// Null if no group has that key.
    public static @Nullable CpuGroup byKey(String key) {
        return Arrays.stream(values()).filter(group -> group.key().equals(key)).findFirst().orElse(null);
    }
}
