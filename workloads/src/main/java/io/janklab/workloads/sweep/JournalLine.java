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

/// A line of a sweep's journal: a JSON object whose last member is a checksum, so that a figure changed on the disk, or a line of another
/// sweep, is detected.
final class JournalLine {
    /// Accepts neither more members than a record has, nor fewer, nor other types.
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern SEAL = Pattern.compile(",\"crc32c\":\"([0-9a-f]{8})\"}");
    private static final int SEAL_LENGTH = 21;

    private final byte[] context;

    private JournalLine(byte[] context) {
        this.context = context;
    }

    /// Lines of the sweep of that definition.
    static JournalLine of(SweepDefinition definition) {
        return new JournalLine(STRICT.writeValueAsBytes(definition));
    }

    /// The line that holds the definition itself, with its end.
    static byte[] definition(SweepDefinition definition) {
        return sealed(new byte[0], STRICT.writeValueAsString(definition));
    }

    /// @throws Wrong if it is no such line
    static SweepDefinition readDefinition(byte[] line) throws Wrong {
        return read(new byte[0], line, SweepDefinition.class);
    }

    /// The line that holds a run, with its end.
    byte[] entry(JournalEntry entry) {
        return sealed(context, STRICT.writeValueAsString(entry));
    }

    /// @throws Wrong if it is no such line of this sweep's journal
    JournalEntry readEntry(byte[] line) throws Wrong {
        return read(context, line, JournalEntry.class);
    }

    private static byte[] sealed(byte[] context, String json) {
        String seal = checksum(context, json.getBytes(StandardCharsets.UTF_8));
        return (json.substring(0, json.length() - 1) + ",\"crc32c\":\"" + seal + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T read(byte[] context, byte[] line, Class<T> type) throws Wrong {
        int length = line.length - SEAL_LENGTH;
        Matcher seal = SEAL.matcher(length > 0 ? new String(line, length, SEAL_LENGTH, StandardCharsets.ISO_8859_1) : "");
        if (!seal.matches() || line[0] != '{') {
            throw new Wrong("this is not a line of a sweep's journal: expected a JSON object with its checksum (crc32c) at the end.");
        }
        byte[] json = Arrays.copyOf(line, length + 1);
        json[length] = '}';
        T read;
        try {
            read = STRICT.readValue(json, type);
        } catch (JacksonException e) {
            throw new Wrong("this is not a line of a sweep's journal: expected " + membersOf(type) + ", each as it was written.");
        }
        if (!checksum(context, json).equals(seal.group(1))) {
            throw new Wrong("this line was changed after it had been written, or belongs to another sweep: its checksum does not match.");
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
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String sentence) {
            super(sentence);
        }
    }
}
