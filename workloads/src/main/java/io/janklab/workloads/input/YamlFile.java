package io.janklab.workloads.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/// Reads a YAML file of nested mappings into [Settings]. Lists, anchors and several documents are not for settings and are refused.
public final class YamlFile {
    private final String file;
    private final Map<String, Settings.Value> values = new LinkedHashMap<>();
    private final Deque<String> path = new ArrayDeque<>();

    private YamlFile(String file) {
        this.file = file;
    }

    /// @throws BadInput if it does not exist, is not YAML or holds more than nested keys and values
    public static Settings read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return read(path.getFileName().toString(), in);
        } catch (IOException e) {
            throw new BadInput("the file " + path + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }

    /// Reads what comes from inside the program, such as a bundled device.
    public static Settings read(String file, InputStream in) {
        byte[] octets = octets(in);
        try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), octets)) {
            return new YamlFile(file).parse(parser);
        } catch (JacksonException e) {
            if (e.getOriginalMessage().contains("UTF-8")) {
                throw BadInput.at(file, Utf8.wrongLine(octets).orElse(1), "this is not UTF-8.");
            }
            throw BadInput.at(file, e.getLocation() == null ? 1 : e.getLocation().getLineNr(), "this is not YAML: " + firstLine(e) + ".");
        }
    }

    private static byte[] octets(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(JacksonException e) {
        if (e.getOriginalMessage().contains("'\\t'") || e.getOriginalMessage().contains("\\t(TAB)")) {
            return "a tab where only spaces may be: YAML indents with spaces";
        }
        String text = e.getOriginalMessage().lines().findFirst().orElse("it does not parse").strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private Settings parse(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw BadInput.at(file, 1, "expected keys and values.");
        }
        mapping(parser);
        if (parser.nextToken() != null) {
            throw wrong(parser, "expected one document only.");
        }
        return new Settings(file, values);
    }

    private void mapping(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            path.addLast(parser.currentName());
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                mapping(parser);
            } else {
                scalar(parser, token);
            }
            path.removeLast();
        }
    }

    private void scalar(JsonParser parser, JsonToken token) {
        String key = String.join(".", path);
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw wrong(parser, key + " needs a single value.");
        }
        Settings.Value value = new Settings.Value(OneLine.escaped(parser.getString()), file, parser.currentTokenLocation().getLineNr());
        if (values.put(key, value) != null) {
            throw wrong(parser, key + " is given twice.");
        }
    }

    private BadInput wrong(JsonParser parser, String sentence) {
        return BadInput.at(file, parser.currentTokenLocation().getLineNr(), sentence);
    }
}
