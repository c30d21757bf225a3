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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads a YAML file of nested mappings into [Settings], which complain of lists, empty values and keys that are given twice. Anchors and
/// several documents are refused.
public final class YamlFile {
    /// As SnakeYAML ends what it says of a place.
    private static final Pattern MARK = Pattern.compile("in reader, line (\\d+), column (\\d+)");
    /// What SnakeYAML says, by a part of it, in words of those who do not know its parser; the first that applies.
    private static final Map<String, String> IN_WORDS = new LinkedHashMap<>();

    static {
        IN_WORDS.put("'\\t'", "a tab where only spaces may be: YAML indents with spaces");
        IN_WORDS.put("\\t(TAB)", "a tab where only spaces may be: YAML indents with spaces");
        IN_WORDS.put("a flow mapping", "a '{' without its '}', or without a ',' between two keys");
        IN_WORDS.put("a flow sequence", "a '[' without its ']', or without a ',' between two values");
        IN_WORDS.put("unexpected end of stream", "a quotation mark that is not closed");
        IN_WORDS.put("mapping values are not allowed", "a ':' where no key can end: a second one in its line, or a line indented too far");
        IN_WORDS.put("cannot start any token", "a value that begins so needs quotation marks");
        IN_WORDS.put("could not find expected ':'", "a line without ': ' between its key and its value");
        IN_WORDS.put("<block end>", "a line that is indented unlike those before it");
        IN_WORDS.put("unknown escape character", "a '\\' that means nothing between double quotation marks");
        IN_WORDS.put("expected the node content", "a value is missing");
        IN_WORDS.put("a block scalar", "more than '|' or '>' in the line before a text of several lines");
    }

    private final String file;
    private final Map<String, Settings.Value> values = new LinkedHashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final Faults faults = new Faults();

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
            throw BadInput.at(file, line(e), "this is not YAML: " + inWords(e) + ".");
        }
    }

    private static byte[] octets(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where it began to go wrong: a bracket that is not closed is where it was opened.
    private static int line(JacksonException e) {
        Matcher mark = MARK.matcher(e.getOriginalMessage());
        if (mark.find()) {
            return Integer.parseInt(mark.group(1));
        }
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }

    private static String inWords(JacksonException e) {
        Matcher mark = MARK.matcher(e.getOriginalMessage());
        String column = mark.find() ? " (column " + mark.group(2) + ")" : "";
        for (Map.Entry<String, String> each : IN_WORDS.entrySet()) {
            if (e.getOriginalMessage().contains(each.getKey())) {
                return each.getValue() + column;
            }
        }
        String text = e.getOriginalMessage().lines().filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "it does not parse" : text.replace("<stream end>", "the end of the file").replaceFirst("\\.$", "") + column;
    }

    private Settings parse(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw BadInput.at(file, 1, "expected keys and values.");
        }
        mapping(parser);
        if (parser.nextToken() != null) {
            throw wrong(parser, "expected one document only.");
        }
        return new Settings(file, values, faults);
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
        int line = parser.currentTokenLocation().getLineNr();
        if (token == JsonToken.START_ARRAY) {
            parser.skipChildren();
            complain(key, line, "is a list: it takes one value, or keys below it");
        } else if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            complain(key, line, "has no value");
        } else if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            complain(key, line, "refers to an anchor, which is not done here: it takes a value");
        } else if (values.containsKey(key)) {
            complain(key, line, "is given twice");
        } else {
            values.put(key, new Settings.Value(key, OneLine.escaped(parser.getString()), file, line));
        }
    }

    private void complain(String key, int line, String rule) {
        faults.add(key, line, BadInput.at(file, line, key + " " + rule + "."));
    }

    private BadInput wrong(JsonParser parser, String sentence) {
        return BadInput.at(file, parser.currentTokenLocation().getLineNr(), sentence);
    }
}
