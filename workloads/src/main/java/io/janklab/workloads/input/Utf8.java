package io.janklab.workloads.input;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// Whether bytes are UTF-8.
final class Utf8 {
    private Utf8() {}

    /// The line, from 1, of the first octet that cannot be; empty if all are.
    static OptionalLong wrongLine(byte[] octets) {
        CharBuffer text = CharBuffer.allocate(octets.length);
        boolean wrong = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets), text, true).isError();
        return wrong ? OptionalLong.of(text.flip().chars().filter(c -> c == '\n').count() + 1) : OptionalLong.empty();
    }
}
