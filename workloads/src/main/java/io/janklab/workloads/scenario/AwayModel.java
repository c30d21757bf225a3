package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// The app leaving the front and coming back (keys below `away`).
///
/// @param everyNs from one departure to the next; 0 for never
/// @param forNs how long it is away
/// @param otherBytes memory of the app that is in front meanwhile, all of it touched when it comes
/// @param otherWork of that app's main thread then
public record AwayModel(long everyNs, long forNs, long otherBytes, Distribution otherWork) {
    static AwayModel from(Settings settings) {
        AwayModel model = new AwayModel(
                (long) (settings.number("away.everyS", 0, 1e6) * 1e9),
                (long) (settings.number("away.forS", 0, 1e6) * 1e9),
                settings.integer("away.otherMiB", 1, 1 << 20) << 20,
                Distribution.from(settings, "away.otherWork"));
        settings.require(model.everyNs == 0 || model.forNs < model.everyNs, "away.forS", "is shorter than away.everyS", "away.everyS");
        return model;
    }
}
