package io.janklab.workloads.recording.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Perfetto's messages by the numbers of their fields, for tests.
final class Packets {
    private Packets() {}

    /// A message under construction.
    static final class Fields {
        private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

        Fields with(int number, long value) {
            fields.mergeField(number, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
            return this;
        }

        Fields with(int number, String text) {
            return with(number, ByteString.copyFromUtf8(text));
        }

        Fields with(int number, Fields message) {
            return with(number, ByteString.copyFrom(message.bytes()));
        }

        Fields with(int number, ByteString bytes) {
            fields.mergeField(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes).build());
            return this;
        }

        /// A message between a beginning and an end, without a length.
        Fields withGroup(int number, Fields message) {
            fields.mergeField(number, UnknownFieldSet.Field.newBuilder().addGroup(message.fields.build()).build());
            return this;
        }

        /// Numbers in one field.
        Fields packed(int number, long... values) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Arrays.stream(values).forEach(value -> varint(value, bytes));
            return with(number, ByteString.copyFrom(bytes.toByteArray()));
        }

        private static void varint(long value, ByteArrayOutputStream out) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] bytes() {
            return fields.build().toByteArray();
        }
    }

    static Fields message() {
        return new Fields();
    }

    /// A whole trace.
    static byte[] trace(Fields... packets) {
        Fields trace = message();
        for (Fields packet : packets) {
            trace.with(1, packet);
        }
        return trace.bytes();
    }

    /// A packet of a sequence.
    static Fields packet(long sequence) {
        return message().with(10, sequence);
    }

    /// One clock of a snapshot.
    static Fields clock(long id, long time) {
        return message().with(1, id).with(2, time);
    }

    static Fields snapshot(Fields... clocks) {
        Fields snapshot = message();
        for (Fields clock : clocks) {
            snapshot.with(1, clock);
        }
        return snapshot;
    }

    /// The track of a thread of process 7.
    static Fields threadTrack(long uuid, int tid) {
        return message().with(60, message().with(1, uuid).with(4, message().with(1, 7).with(2, tid).with(5, "t" + tid)));
    }

    /// A slice's begin (1) or end (2).
    static Fields slice(int type, long track, String name) {
        return message().with(9, type).with(11, track).with(23, name);
    }
}
