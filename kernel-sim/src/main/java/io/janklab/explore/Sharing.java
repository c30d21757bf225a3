package io.janklab.explore;

import io.janklab.kernel.interleave.Shared;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// The objects that more than one actor accesses, one of them writing. Only before an access to one of these does it matter which actor
/// goes next: the order of other accesses cannot be observed.
public final class Sharing {
    private final Numbering shared = new Numbering();
    private final boolean everything;

    private Sharing(boolean everything) {
        this.everything = everything;
    }

    /// Takes every object to be shared.
    public static Sharing everything() {
        return new Sharing(true);
    }

    /// Takes none to be shared yet.
    public static Sharing nothing() {
        return new Sharing(false);
    }

    public boolean contains(Shared kind, long id) {
        // A tick may come wherever a task asks for it, and nowhere else.
        return kind == Shared.INTERRUPT || contains(AccessLog.object(kind, id));
    }

    public boolean contains(long object) {
        return everything || shared.find(object) != Numbering.UNKNOWN;
    }

    public void add(long object) {
        shared.numberOf(object);
    }

    /// Finds what runs share, one after the other.
    public static final class Encounters {
        private static final long NONE = -1;

        private final Numbering seen = new Numbering();
        // By an object's number: actors, a bit each.
        private long[] readers = new long[64];
        private long[] adders = new long[64];
        private long[] writers = new long[64];

        /// Reports each object that is shared in one run, and the one before whose access others must be let through because of what is
        /// accessed with it.
        public void of(AccessLog log, Sharing known, LongConsumer shared) {
            seen.clear();
            for (int step = 0; step < log.steps(); step++) {
                for (int at = log.begin(step); at < log.end(step); at++) {
                    note(log.access(at), Bits.of(log.actor(step)));
                }
            }
            for (int step = 0; step < log.steps(); step++) {
                long point = NONE;
                for (int at = log.begin(step); at < log.end(step); at++) {
                    long access = log.access(at);
                    point = AccessLog.isPoint(access) ? AccessLog.object(access) : point;
                    if (point != NONE && isShared(AccessLog.object(access), known)) {
                        shared.accept(point);
                    }
                }
            }
        }

        private boolean isShared(long object, Sharing known) {
            int number = seen.find(object);
            long all = readers[number] | adders[number] | writers[number];
            boolean alike = writers[number] == 0 && (readers[number] == 0 || adders[number] == 0);
            return (!alike && Long.bitCount(all) > 1) || known.contains(object);
        }

        private void note(long access, long actor) {
            int known = seen.count();
            int number = seen.numberOf(AccessLog.object(access));
            if (number == readers.length) {
                readers = Arrays.copyOf(readers, number * 2);
                adders = Arrays.copyOf(adders, number * 2);
                writers = Arrays.copyOf(writers, number * 2);
            }
            if (number == known) {
                readers[number] = 0;
                adders[number] = 0;
                writers[number] = 0;
            }
            long[] kind = switch (AccessLog.mode(access)) {
                case AccessLog.READ -> readers;
                case AccessLog.ADD -> adders;
                default -> writers;
            };
            kind[number] |= actor;
        }
    }
}
