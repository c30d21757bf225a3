package io.janklab.explore.pairs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Lines of a resource of this package, without comments: words, a colon, calls with semicolons between them.
final class Table {
    private Table() {}

    static List<String> lines(String resource) {
        try (InputStream in = Table.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> calls(String text) {
        return Arrays.stream(text.split(";")).map(String::strip).filter(call -> !call.isEmpty()).toList();
    }
}
