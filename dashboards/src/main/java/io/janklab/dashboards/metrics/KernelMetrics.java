package io.janklab.dashboards.metrics;

import io.janklab.dashboards.measure.MeasurementObserver;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.dashboards.measure.tally.CounterTrack;
import io.janklab.dashboards.measure.tally.FaultTally;
import io.janklab.dashboards.measure.tally.LockTally;
import io.janklab.dashboards.measure.tally.MadviseTally;
import io.janklab.dashboards.measure.tally.MemoryTally;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.MadvisePath;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/// Meters of one run: frames, lock waits and holds, inversion, faults, madvise, memory. The table is in `METRICS.md`.
///
/// Only the frame timers are recorded into as events happen; all other meters read the recorder's tallies when they are scraped, and so
/// cost the simulation nothing.
public final class KernelMetrics implements MeterBinder {
    /// Trace counters of that prefix are the allocator's bytes.
    private static final String HEAP_PREFIX = "heap.";
    private static final Duration[] FRAME_BUCKETS = LongStream.of(2, 4, 6, 8, 11, 16, 22, 33, 50, 100, 200, 700)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final RunRecorder recorder;

    public KernelMetrics(RunRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        faults(registry, recorder.faults());
        madvise(registry, recorder.madvise());
        memory(registry, recorder.memory());
        recorder.observe(new Appearances(registry));
    }

    private static void faults(MeterRegistry registry, FaultTally tally) {
        for (FaultPath path : FaultPath.values()) {
            for (FaultKind kind : FaultKind.values()) {
                FunctionTimer.builder("page.fault", tally, t -> t.faults(path, kind), t -> t.totalNs(path, kind), TimeUnit.NANOSECONDS)
                        .description("Page faults of the app, from exception to return")
                        .tag("path", lowerCase(path))
                        .tag("kind", lowerCase(kind))
                        .register(registry);
            }
        }
    }

    private static void madvise(MeterRegistry registry, MadviseTally tally) {
        for (MadvisePath path : MadvisePath.values()) {
            FunctionTimer.builder("madvise", tally, t -> t.calls(path), t -> t.totalNs(path), TimeUnit.NANOSECONDS)
                    .description("madvise calls of the app, from entry to return")
                    .tag("path", lowerCase(path))
                    .register(registry);
        }
    }

    private static void memory(MeterRegistry registry, MemoryTally tally) {
        Gauge.builder("process.memory.rss", tally, MemoryTally::rssBytes)
                .description("Resident memory of the app")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("process.memory.page.tables", tally, MemoryTally::pageTableBytes)
                .description("Page tables of the app (VmPTE)")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// Registers a meter for everything that appears during the run.
    private static final class Appearances implements MeasurementObserver {
        private final MeterRegistry registry;
        private final Timer duration;
        private final Timer overrun;
        private final Counter janky;
        private final Counter smooth;
        /// By the values of the meter's tags.
        private final Map<String, InvertedTime> invertedTimes = new HashMap<>();

        Appearances(MeterRegistry registry) {
            this.registry = registry;
            this.duration = frameTimer("frame.duration", "From the start of doFrame to the end of DrawFrames (frameDurationCpu)");
            this.overrun = frameTimer("frame.overrun", "How late the late frames were (positive frameOverrun)");
            this.janky = frames("true");
            this.smooth = frames("false");
        }

        private Timer frameTimer(String name, String description) {
            return Timer.builder(name).description(description).serviceLevelObjectives(FRAME_BUCKETS).register(registry);
        }

        private Counter frames(String isJanky) {
            return Counter.builder("frames").description("Frames presented").tag("janky", isJanky).register(registry);
        }

        @Override
        public void frame(long durationNs, long overrunNs) {
            duration.record(durationNs, TimeUnit.NANOSECONDS);
            if (overrunNs > 0) {
                overrun.record(overrunNs, TimeUnit.NANOSECONDS);
                janky.increment();
            } else {
                smooth.increment();
            }
        }

        @Override
        public void lockAppeared(LockTally tally) {
            FunctionTimer.builder("lock.wait", tally, LockTally::waitCount, LockTally::waitNs, TimeUnit.NANOSECONDS)
                    .description("Waits for a lock, asleep or spinning")
                    .tags("lock", tally.lockClass().label(), "mode", tally.mode().label(), "task", tally.taskName())
                    .register(registry);
            FunctionTimer.builder("lock.hold", tally, LockTally::holdCount, LockTally::holdNs, TimeUnit.NANOSECONDS)
                    .description("Holds of a lock, from acquisition to release")
                    .tags("lock", tally.lockClass().label(), "mode", tally.mode().label(), "task", tally.taskName())
                    .register(registry);
        }

        @Override
        public void chainAppeared(Chain chain) {
            if (chain.isInverted()) {
                String key = chain.role() + " " + chain.lockClass() + " " + chain.activity();
                invertedTimes.computeIfAbsent(key, absent -> inversion(chain)).add(chain);
            }
        }

        private InvertedTime inversion(Chain first) {
            InvertedTime time = new InvertedTime();
            FunctionTimer.builder("lock.inversion", time, InvertedTime::waits, InvertedTime::totalNs, TimeUnit.NANOSECONDS)
                    .description("Time a watched task waited for a lock behind a task of lower priority")
                    .tags("task", first.role(), "lock", first.lockClass().label(), "holder", first.activity().word())
                    .register(registry);
            return time;
        }

        @Override
        public void counterAppeared(CounterTrack track) {
            if (track.name().startsWith(HEAP_PREFIX)) {
                Gauge.builder("allocator.memory", track, CounterTrack::last)
                        .description("What the app's allocator says of its memory")
                        .baseUnit(BaseUnits.BYTES)
                        .tag("kind", track.name().substring(HEAP_PREFIX.length()))
                        .register(registry);
            }
        }
    }
}
