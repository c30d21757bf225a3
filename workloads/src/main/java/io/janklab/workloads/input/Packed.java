package io.janklab.workloads.input;

import java.nio.charset.StandardCharsets;

/// How packed files begin.
public final class Packed {
    private Packed() {}

    public static boolean isGzip(byte[] first) {
        return begins(first, "\u001f\u008b");
    }

    public static boolean isZip(byte[] first) {
        return begins(first, "PK\u0003\u0004");
    }

    /// Whether a file that begins so begins with `magic`, a byte a character.
    public static boolean begins(byte[] first, String magic) {
        return new String(first, 0, Math.min(first.length, magic.length()), StandardCharsets.ISO_8859_1).equals(magic);
    }
}
