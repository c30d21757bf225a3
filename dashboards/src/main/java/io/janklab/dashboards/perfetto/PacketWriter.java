package io.janklab.dashboards.perfetto;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Writes packets of one sequence, one after the other, as fields of a `Trace`.
final class PacketWriter {
    private static final int SEQUENCE_ID = 1;

    private final OutputStream out;
    private final ProtoMessage framed = new ProtoMessage();

    PacketWriter(OutputStream out) {
        this.out = out;
    }

    /// @throws UncheckedIOException if it cannot be written
    void write(ProtoMessage packet) {
        framed.clear();
        framed.message(Fields.TRACE_PACKET, packet.number(Fields.Packet.TRUSTED_PACKET_SEQUENCE_ID, SEQUENCE_ID));
        try {
            framed.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
