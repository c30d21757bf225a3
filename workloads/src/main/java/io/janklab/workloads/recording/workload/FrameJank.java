package io.janklab.workloads.recording.workload;

import java.util.ArrayList;
import java.util.List;

/// The reasons that SurfaceFlinger gives for a frame being late (`FrameTimelineEvent.JankType`), a bit each; a frame may have several.
public enum FrameJank {
    NONE("none"),
    SF_SCHEDULING("SurfaceFlinger's scheduling"),
    PREDICTION_ERROR("prediction error"),
    DISPLAY_HAL("display HAL"),
    SF_CPU_DEADLINE_MISSED("SurfaceFlinger's CPU deadline missed"),
    SF_GPU_DEADLINE_MISSED("SurfaceFlinger's GPU deadline missed"),
    APP_DEADLINE_MISSED("app deadline missed"),
    BUFFER_STUFFING("buffer stuffing"),
    UNKNOWN("unknown"),
    SF_STUFFING("SurfaceFlinger stuffing"),
    DROPPED("dropped"),
    NON_ANIMATING("not animating"),
    APP_RESYNCED_JITTER("app resynced"),
    DISPLAY_NOT_ON("display not on"),
    DISPLAY_MODE_CHANGE("display mode change"),
    DISPLAY_POWER_MODE_CHANGE("display power mode change");

    private final String label;

    FrameJank(String label) {
        this.label = label;
    }

    /// The names of the bits that are set.
    public static String of(int bits) {
        List<String> names = new ArrayList<>();
        for (FrameJank type : values()) {
            if ((bits >>> type.ordinal() & 1) != 0) {
                names.add(type.label);
            }
        }
        int more = bits >>> values().length << values().length;
        if (more != 0) {
            names.add("bits 0x" + Integer.toHexString(more));
        }
        return names.isEmpty() ? "unspecified" : String.join(", ", names);
    }
}
