package io.janklab.sim;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One world of virtual time: a clock, an event queue, random streams and a digest of everything that happened.
///
/// **Caveats.** Not thread-safe by design: a simulation belongs to the host thread that runs it. Run several on several threads.
public final class Simulation {
    private static final int SEQUENCE_BITS = 40;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    private final EventQueue queue = new EventQueue();
    /// By slot; none where it has been retired.
    private @Nullable Event[] events = new Event[64];
    private final TieBreak tieBreak;
    private final RandomStreams random;
    private final Digest digest = new Digest();

    private long now;
    private long horizon = Long.MAX_VALUE;
    private long sequence;
    private long fired;
    private boolean stopped;

    public Simulation(long seed) {
        this(seed, TieBreak.FIXED);
    }

    public Simulation(long seed, TieBreak tieBreak) {
        this.random = new RandomStreams(seed);
        this.tieBreak = tieBreak;
    }

    /// Virtual time in nanoseconds since the simulation began.
    public long now() {
        return now;
    }

    public long seed() {
        return random.seed();
    }

    /// The stream of that name: the same (seed, name) always draws the same numbers, whatever else draws.
    public RandomStream random(String name) {
        return random.stream(name);
    }

    /// The running digest of the event stream; listeners that observe more may mix it in.
    public Digest digest() {
        return digest;
    }

    /// Events fired so far.
    public long eventsFired() {
        return fired;
    }

    void schedule(Event event, long time) {
        if (time < now) {
            throw new IllegalArgumentException("event scheduled at " + time + " ns, but it is already " + now + " ns");
        }
        long order = (tieBreak.rank() << SEQUENCE_BITS) | (sequence++ & SEQUENCE_MASK);
        queue.put(event.slot, time, order);
    }

    /// @return its slot
    int register(Event event) {
        int slot = queue.newSlot();
        if (slot == events.length) {
            events = Arrays.copyOf(events, slot * 2);
        }
        events[slot] = event;
        return slot;
    }

    void cancel(Event event) {
        queue.remove(event.slot);
    }

    void retire(Event event) {
        queue.remove(event.slot);
        events[event.slot] = null;
    }

    boolean isQueued(Event event) {
        return queue.contains(event.slot);
    }

    long timeOf(Event event) {
        return queue.timeOf(event.slot);
    }

    /// Moves the clock straight to `time` if nothing else is due until then (ties included); otherwise leaves the clock as it is.
    ///
    /// This is what makes an undisturbed burst of CPU time free: no event, no coroutine switch.
    ///
    /// @return whether the clock moved
    public boolean tryAdvanceTo(long time) {
        if (time >= queue.nextTime() || time > horizon) {
            return false;
        }
        now = time;
        return true;
    }

    /// Fires every event due at or before `until` (ns), then leaves the clock at `until`, unless [#stop] cut the run short.
    public void run(long until) {
        horizon = until;
        stopped = false;
        while (!stopped && queue.nextTime() <= until) {
            now = queue.nextTime();
            int slot = queue.poll();
            fired++;
            digest.mix(now ^ ((long) slot << 44));
            event(slot).fire();
        }
        if (!stopped && now < until) {
            now = until;
        }
    }

    /// Which events are queued, by their [Event#number]; for explorers of schedules, whose worlds are small.
    ///
    /// @throws IllegalStateException if an event's number is 64 or more
    public long queued() {
        return queue.mask();
    }

    /// Fires a queued event whatever else is due; the clock moves on to its time if that lies ahead.
    public void fire(int number) {
        Event event = event(number);
        now = Math.max(now, event.time());
        queue.remove(number);
        fired++;
        digest.mix(now ^ ((long) number << 44));
        event.fire();
    }

    /// Moves the clock, past what is due if need be; for explorers, which fire events in their own order.
    public void elapse(long ns) {
        now += ns;
    }

    /// The event of that [Event#number], unless it has been retired.
    public Event event(int number) {
        return Objects.requireNonNull(events[number], "the event has been retired");
    }

    /// Makes [#run] return after the event being fired.
    public void stop() {
        stopped = true;
    }
}
