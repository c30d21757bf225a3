package io.janklab.workloads.sweep;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// A line of a journal: a JSON object whose last member is a checksum, so that a figure changed on the disk, or a line of another journal,
/// is detected.
///
/// @param kind what it is a line of, for messages: `a sweep's journal`
/// @param owner its owner, for messages: `sweep`
public record SealedLine(String kind, String owner) {
    /// Accepts neither more members than a record has, nor fewer, nor other types.
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern SEAL = Pattern.compile(",\"crc32c\":\"([0-9a-f]{8})\"}");
    private static final int SEAL_LENGTH = 21;

    /// What its lines are sealed with: all that follow the first, which has none.
    public static byte[] context(Object definition) {
        return STRICT.writeValueAsBytes(definition);
    }

    /// The line that holds a record, with its end.
    public byte[] write(byte[] context, Object content) {
        String json = STRICT.writeValueAsString(content);
        String seal = checksum(context, json.getBytes(StandardCharsets.UTF_8));
        return (json.substring(0, json.length() - 1) + ",\"crc32c\":\"" + seal + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    /// @param line without its end
    /// @throws Wrong if it is no such line of this journal
    public <T> T read(byte[] context, byte[] line, Class<T> type) throws Wrong {
        int length = line.length - SEAL_LENGTH;
        Matcher seal = SEAL.matcher(length > 0 ? new String(line, length, SEAL_LENGTH, StandardCharsets.ISO_8859_1) : "");
        if (!seal.matches() || line[0] != '{') {
            throw new Wrong("this is not a line of " + kind + ": expected a JSON object with its checksum (crc32c) at the end.");
        }
        byte[] json = Arrays.copyOf(line, length + 1);
        json[length] = '}';
        T read;
        try {
            read = STRICT.readValue(json, type);
        } catch (JacksonException e) {
            throw new Wrong("this is not a line of " + kind + ": expected " + membersOf(type) + ", each as it was written.");
        }
        if (!checksum(context, json).equals(seal.group(1))) {
            throw new Wrong(
                    "this line was changed after it had been written, or belongs to another " + owner + ": its checksum does not match.");
        }
        return read;
    }

    private static String membersOf(Class<?> type) {
        StringBuilder names = new StringBuilder();
        for (var member : type.getRecordComponents()) {
            names.append(names.isEmpty() ? "" : ", ").append(member.getName());
        }
        return names.toString();
    }

    private static String checksum(byte[] context, byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(context);
        crc.update(json);
        return String.format("%08x", crc.getValue());
    }

    /// A line that does not belong to the journal; the message is a sentence that says why.
    public static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String sentence) {
            super(sentence);
        }
    }
}
