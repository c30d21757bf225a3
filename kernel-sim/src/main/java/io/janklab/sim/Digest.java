package io.janklab.sim;

/// A running 64-bit digest of what happened, in order. Equal histories give equal digests on any host.
public final class Digest {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private long state = 0x243F6A8885A308D3L;

    public void mix(long value) {
        long mixed = (state ^ value) * MULTIPLIER;
        state = mixed ^ (mixed >>> 29);
    }

    public void mix(long first, long second) {
        mix(first);
        mix(second);
    }

    public long value() {
        return state;
    }

    /// Sixteen hexadecimal digits.
    @Override
    public String toString() {
        return String.format("%016x", state);
    }
}
