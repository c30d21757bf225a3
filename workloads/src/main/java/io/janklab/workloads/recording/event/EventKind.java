package io.janklab.workloads.recording.event;

import org.jspecify.annotations.Nullable;

/// The kinds of event that carry unique information, and what is unknown without them.
public enum EventKind {
    SWITCHES("sched_switch", "when each thread ran: nothing can be replayed on cores"),
    WAKINGS("sched_waking", "which thread ended a sleep: every sleep keeps its recorded length"),
    CALLS("system calls of mm",
            "which memory was mapped, unmapped and advised: no question about locks can be answered from the calls themselves"),
    FAULTS("page faults", "which pages were touched: only those whose memory changes by a call are"),
    MMAP_LOCK("mmap_lock", "which thread held mmap_lock: waits for it are known by their sleeps only"),
    CONTENTION("contention_begin", "which sleeps were waits for a kernel lock, but for those inside calls that take mmap_lock"),
    FUTEX("futex", "which sleeps were waits for another thread by a futex: they are known by their wakers only"),
    TIMERS("nanosleep", "whether a timer was set to a time or for a duration: it is concluded from how regular its ends are"),
    BLOCKED("sched_blocked_reason", "where a thread slept in D state"),
    SLICES("trace markers", "frames and operations that the program itself marks"),
    FRAMES("frame timeline", "each frame's deadline, and when it was shown"),
    FREQUENCY("cpu_frequency", "how fast cores were clocked"),
    RSS("rss_stat", "how resident memory moved");

    private final String label;
    private final String without;

    EventKind(String label, String without) {
        this.label = label;
        this.without = without;
    }

    public String label() {
        return label;
    }

    /// The facts unknown in a recording that lacks them.
    public String without() {
        return without;
    }

    /// The kind of an event; null if it carries nothing unique.
    public static @Nullable EventKind of(RecordedEvent event) {
        return switch (event) {
            case RecordedEvent.Switch s -> SWITCHES;
            case RecordedEvent.Waking w -> WAKINGS;
            case RecordedEvent.CallEnter call -> switch (call.call()) {
                case "futex" -> FUTEX;
                case "nanosleep", "clock_nanosleep" -> TIMERS;
                case "ioctl" -> UffdCalls.name(call.arguments()) != null ? CALLS : null;
                default -> MmCalls.isOne(call.call()) ? CALLS : null;
            };
            case RecordedEvent.Fault f -> FAULTS;
            case RecordedEvent.MmapLock m -> MMAP_LOCK;
            case RecordedEvent.Contention c -> CONTENTION;
            case RecordedEvent.Blocked b -> BLOCKED;
            case RecordedEvent.SliceBegin s -> SLICES;
            case RecordedEvent.Frame f -> FRAMES;
            case RecordedEvent.Frequency f -> FREQUENCY;
            case RecordedEvent.Rss r -> RSS;
            default -> null;
        };
    }
}
