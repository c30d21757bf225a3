package io.janklab.kernel.config;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Series that have no profile of their own: their point releases can be had, for a fix that came with one of them, and a host may run one.
enum SeriesBetween {
    /// As 6.17, but for what that brought: madvise and `/proc/PID/maps` under VMA locks, mremap of several mappings, and what is read of
    /// executable memory.
    V6_16("6.16", KernelVersion.V6_17,
            Map.of(Switch.MADVISE_DONTNEED_LOCK, SwitchValue.MMAP, Switch.MADVISE_FREE_LOCK, SwitchValue.MMAP,
                    Switch.PROC_MAPS_LOCK, SwitchValue.MMAP, Switch.MREMAP, SwitchValue.ONE_MAPPING,
                    Switch.FAULT_EXEC_READAHEAD, SwitchValue.AROUND)),
    /// As 6.17, but for what it makes huge pages of.
    V6_18("6.18", KernelVersion.V6_17, Map.of(Switch.COLLAPSE_READ_ONLY, SwitchValue.ON));

    private final String label;
    /// The version it is likened to, and what differs.
    private final KernelVersion likened;
    private final Map<Switch, SwitchValue> changes;

    SeriesBetween(String label, KernelVersion likened, Map<Switch, SwitchValue> changes) {
        this.label = label;
        this.likened = likened;
        this.changes = changes;
    }

    /// The series of that label, or null.
    static @Nullable SeriesBetween byLabel(String label) {
        for (SeriesBetween series : values()) {
            if (series.label.equals(label)) {
                return series;
            }
        }
        return null;
    }

    /// What its kernels do.
    EnumMap<Switch, String> values(Architecture architecture) {
        EnumMap<Switch, String> values = KernelProfile.of(likened, architecture).values();
        changes.forEach((key, value) -> values.put(key, value.label()));
        return values;
    }
}
