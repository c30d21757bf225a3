package io.janklab.dashboards.android;

/// Why a frame was late, in the order and words of hwui's `ProfileData.cpp` (`JANK_TYPE_NAMES`).
enum JankType {
    MISSED_VSYNC("Missed Vsync"),
    HIGH_INPUT_LATENCY("High input latency"),
    SLOW_UI("Slow UI thread"),
    SLOW_SYNC("Slow bitmap uploads"),
    SLOW_RT("Slow issue draw commands"),
    MISSED_DEADLINE("Frame deadline missed"),
    MISSED_DEADLINE_LEGACY("Frame deadline missed (legacy)");

    private final String label;

    JankType(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
