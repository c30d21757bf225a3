package io.janklab.workloads.recording.read;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// One writer of packets in a Perfetto trace (`trusted_packet_sequence_id`): what its packets leave out because an earlier one said it.
///
/// It may say all of that anew (`SEQ_INCREMENTAL_STATE_CLEARED`). Where packets were lost, those that rely on it
/// (`SEQ_NEEDS_INCREMENTAL_STATE`) are unusable until it does.
final class Sequence {
    private static final int CLEARED = 1;
    private static final int NEEDS_STATE = 2;

    final long id;
    /// Names by their numbers. A bundle that waits to be read keeps those of its time.
    Map<Long, String> symbols = new HashMap<>();
    Map<Long, String> eventNames = new HashMap<>();
    /// 0 if there is none.
    long defaultTrack;
    /// 0 if there is none.
    long defaultClock;
    /// That of its thread descriptor; −1 if there is none.
    int tid = -1;
    /// Of the last event whose time is a difference (µs).
    long lastUs;
    private boolean isWhole;

    Sequence(long id) {
        this.id = id;
    }

    /// A packet begins.
    ///
    /// @param isCleared by its older, own field
    /// @param afterLoss packets before it were lost
    /// @return whether it can be used
    boolean begin(long flags, boolean isCleared, boolean afterLoss) {
        isWhole &= !afterLoss;
        if (isCleared || (flags & CLEARED) != 0) {
            isWhole = true;
            symbols = new HashMap<>();
            eventNames = new HashMap<>();
            defaultTrack = 0;
            defaultClock = 0;
            tid = -1;
        }
        return isWhole || (flags & NEEDS_STATE) == 0;
    }

    /// `TracePacketDefaults`: those before are no longer valid.
    void defaults(Message defaults) throws IOException {
        defaultTrack = 0;
        defaultClock = 0;
        for (int field = defaults.next(); field != 0; field = defaults.next()) {
            switch (field) {
                case 11 -> {
                    Message event = defaults.message();
                    for (int part = event.next(); part != 0; part = event.next()) {
                        if (part == 11) {
                            defaultTrack = event.number();
                        } else {
                            event.skip();
                        }
                    }
                }
                case 58 -> defaultClock = defaults.number();
                default -> defaults.skip();
            }
        }
    }

    /// `InternedData`: `event_names` 2 and `kernel_symbols` 26, each {iid 1, text 2}.
    void intern(Message data) throws IOException {
        for (int field = data.next(); field != 0; field = data.next()) {
            if (field == 2 || field == 26) {
                long iid = 0;
                String text = "";
                Message entry = data.message();
                for (int part = entry.next(); part != 0; part = entry.next()) {
                    switch (part) {
                        case 1 -> iid = entry.number();
                        case 2 -> text = entry.text();
                        default -> entry.skip();
                    }
                }
                (field == 2 ? eventNames : symbols).put(iid, text);
            } else {
                data.skip();
            }
        }
    }
}
