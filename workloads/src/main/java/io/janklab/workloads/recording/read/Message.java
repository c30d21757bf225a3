package io.janklab.workloads.recording.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A protobuf message, field by field, without a schema: the reader knows the numbers of the fields it wants.
final class Message {
    private final CodedInputStream in;
    private int tag;

    Message(byte[] bytes) {
        this.in = CodedInputStream.newInstance(bytes);
    }

    private Message(CodedInputStream in) {
        this.in = in;
    }

    static Message of(java.io.InputStream in) {
        CodedInputStream coded = CodedInputStream.newInstance(in);
        coded.setSizeLimit(Integer.MAX_VALUE);
        return new Message(coded);
    }

    /// Advances to the next field.
    ///
    /// @return its number; 0 after the last
    int next() throws IOException {
        tag = in.isAtEnd() ? 0 : in.readTag();
        return WireFormat.getTagFieldNumber(tag);
    }

    /// Bytes read so far.
    int position() {
        return in.getTotalBytesRead();
    }

    /// Resets the count of bytes read, so that an input may be longer than 2 GiB.
    void resetPosition() {
        in.resetSizeCounter();
    }

    void skip() throws IOException {
        in.skipField(tag);
    }

    /// The field as a number, whatever its width; 0 if it is none.
    long number() throws IOException {
        return switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
            case WireFormat.WIRETYPE_FIXED64 -> in.readRawLittleEndian64();
            case WireFormat.WIRETYPE_FIXED32 -> in.readRawLittleEndian32() & 0xffff_ffffL;
            default -> {
                skip();
                yield 0;
            }
        };
    }

    boolean isBytes() {
        int type = WireFormat.getTagWireType(tag);
        return type == WireFormat.WIRETYPE_LENGTH_DELIMITED || type == WireFormat.WIRETYPE_START_GROUP;
    }

    /// The field's bytes, a group's as those of a message; empty if it has none.
    byte[] bytes() throws IOException {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                return in.readByteArray();
            }
            case WireFormat.WIRETYPE_START_GROUP -> {
                UnknownFieldSet.Builder group = UnknownFieldSet.newBuilder();
                group.mergeFieldFrom(tag, in);
                return group.build().getField(WireFormat.getTagFieldNumber(tag)).getGroupList().getFirst().toByteArray();
            }
            default -> { }
        }
        skip();
        return new byte[0];
    }

    String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    Message message() throws IOException {
        return new Message(bytes());
    }

    /// A repeated field of varints, packed or (then one of them) not.
    long[] numbers() throws IOException {
        if (!isBytes()) {
            return new long[] {number()};
        }
        byte[] packed = bytes();
        CodedInputStream values = CodedInputStream.newInstance(packed);
        long[] numbers = new long[packed.length];
        int count = 0;
        while (!values.isAtEnd()) {
            numbers[count++] = values.readRawVarint64();
        }
        return java.util.Arrays.copyOf(numbers, count);
    }
}
