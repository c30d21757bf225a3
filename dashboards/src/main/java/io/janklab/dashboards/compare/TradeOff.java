package io.janklab.dashboards.compare;

/// One setting beside the one in use: what it saves and what it costs, each a difference to that one.
///
/// @param lateFrames of all seeds together
/// @param headline the scenario's own metric, for information
/// @param memory mean resident memory of the app, in MiB
/// @param cpu of the app, in ms a second
/// @param changesNothing whether its runs went through the very same events as those of the setting in use
/// @param onFront whether it changes anything beyond chance, and no other setting is better in one of late frames, memory and CPU, and in
/// none
///        worse; what is not beyond chance counts as no difference
public record TradeOff(
        String setting, Comparison lateFrames, Comparison headline, Comparison memory, Comparison cpu, boolean changesNothing,
                boolean onFront) {

    /// A difference if it is beyond chance, else zero.
    static double certain(Comparison comparison) {
        return comparison.isBeyondChance() ? comparison.difference() : 0;
    }

    /// Whether it saves, or costs, anything beyond chance.
    public boolean matters() {
        return lateFrames.isBeyondChance() || memory.isBeyondChance() || cpu.isBeyondChance();
    }
}
