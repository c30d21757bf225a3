package io.janklab.dashboards.measure;

import io.janklab.dashboards.measure.frame.FrameObserver;
import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.dashboards.measure.tally.CounterTrack;
import io.janklab.dashboards.measure.tally.LockTally;

/// Called for everything that appears while a run is measured, so that meters can be bound to it. The tallies passed in stay live.
public interface MeasurementObserver extends FrameObserver {
    void lockAppeared(LockTally tally);

    void chainAppeared(Chain chain);

    void counterAppeared(CounterTrack track);
}
