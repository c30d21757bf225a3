package io.janklab.workloads.recording;

import io.janklab.program.Nearest;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Faults;
import io.janklab.workloads.input.OneLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a [WorkloadSheet] that a user may have edited, and complains of all its keys and values at once.
final class SheetReader extends DeserializationProblemHandler {
    private static final YAMLMapper YAML = YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    private static final List<String> KEYS =
            Arrays.stream(WorkloadSheet.class.getRecordComponents()).map(component -> component.getName()).toList();

    /// More keys that are missing in one place share a sentence.
    private static final int MOST_ONE_BY_ONE = 3;

    private final Path file;
    private final Faults faults = new Faults();

    private SheetReader(Path file) {
        this.file = file;
    }

    /// @throws BadInput if it is not such a file, with all that is wrong
    static WorkloadSheet read(Path file) {
        SheetReader reader = new SheetReader(file);
        WorkloadSheet sheet = reader.sheet();
        if (sheet == null || !reader.faults.isEmpty()) {
            throw reader.faults.together();
        }
        return sheet;
    }

    /// Null where it cannot be read to its end.
    private @Nullable WorkloadSheet sheet() {
        try {
            WorkloadSheet sheet = YAML.rebuild().addHandler(this).build().readValue(file, WorkloadSheet.class);
            missing(YAML.readTree(file), KEYS, "");
            return sheet;
        } catch (JacksonException e) {
            complain(e.getLocation() == null ? 1 : e.getLocation().getLineNr(), OneLine.of(e.getOriginalMessage().split("[;\\n]| \\(")[0]));
            return null;
        }
    }

    /// Complains of the keys that are not there, those of its lists' members too.
    private void missing(JsonNode node, List<String> keys, String below) {
        List<String> gone = keys.stream().filter(key -> !node.has(key)).map(key -> below + key).toList();
        if (gone.size() > MOST_ONE_BY_ONE) {
            faults.add(below, 0, new BadInput(file + ": the keys " + String.join(", ", gone) + " are missing."));
        } else {
            gone.forEach(key -> faults.add(key, 0, new BadInput(file + ": the key " + key + " is missing.")));
        }
        members(node, "processes", WorkloadSheet.OneProcess.class);
        members(node, "threads", WorkloadSheet.OneThread.class);
    }

    private void members(JsonNode node, String list, Class<? extends Record> type) {
        List<String> keys = Stream.of(type.getRecordComponents()).map(component -> component.getName()).toList();
        int at = 0;
        for (JsonNode member : node.path(list)) {
            missing(member, keys, list + "[" + at++ + "].");
        }
    }

    @Override
    public boolean handleUnknownProperty(DeserializationContext context, JsonParser parser, @Nullable ValueDeserializer<?> reader,
            Object beanOrClass, String key) {
        Class<?> type = beanOrClass instanceof Class<?> known ? known : beanOrClass.getClass();
        List<String> known = type.isRecord() ? Stream.of(type.getRecordComponents()).map(component -> component.getName()).toList() : KEYS;
        complain(lineOf(key), "unknown key '" + OneLine.of(key) + "'" + Nearest.hint(key, known));
        parser.skipChildren();
        return true;
    }

    @Override
    public @Nullable Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String text, String why) {
        if (type != int.class && type != long.class && type != boolean.class) {
            return NOT_HANDLED;
        }
        JsonParser parser = context.getParser();
        int line = parser.currentTokenLocation().getLineNr();
        String expected = type == boolean.class ? "is true or false" : "is a whole number";
        complain(line, parser.currentName() + " " + expected + ", not '" + OneLine.of(text) + "'");
        return type == boolean.class ? (Object) false : type == int.class ? (Object) 0 : (Object) 0L;
    }

    /// Of the first key of that name; Jackson has forgotten where an unknown one of a record stood.
    private int lineOf(String key) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).strip().replaceFirst("^(- )+", "").startsWith(key + ":")) {
                    return i + 1;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 1;
    }

    private void complain(int line, String sentence) {
        faults.add(line + sentence, line, BadInput.at(file.toString(), Math.max(1, line), sentence + "."));
    }
}
