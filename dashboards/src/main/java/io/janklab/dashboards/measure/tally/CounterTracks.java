package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.CounterRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The app's trace counters, in order of first appearance.
public final class CounterTracks {
    private final Map<String, CounterTrack> tracks = new LinkedHashMap<>();
    private Consumer<CounterTrack> onNewTrack = track -> {};

    public void onNewTrack(Consumer<CounterTrack> listener) {
        tracks.values().forEach(listener);
        onNewTrack = listener;
    }

    public void set(String name, long value) {
        CounterTrack track = tracks.get(name);
        if (track == null) {
            track = new CounterTrack(name);
            tracks.put(name, track);
            onNewTrack.accept(track);
        }
        track.set(value);
    }

    public Map<String, CounterRange> ranges() {
        Map<String, CounterRange> ranges = new LinkedHashMap<>();
        tracks.forEach((name, track) -> ranges.put(name, track.range()));
        return ranges;
    }
}
