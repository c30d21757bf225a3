package io.janklab.dashboards.measure;

/// Called for everything that appears while a run is measured, so that meters can be bound to it. The tallies passed in stay live.
public interface MeasurementObserver extends FrameObserver {
    void lockAppeared(LockTally tally);

    void chainAppeared(Chain chain);

    void counterAppeared(CounterTrack track);
}
