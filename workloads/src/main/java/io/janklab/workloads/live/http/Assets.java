package io.janklab.workloads.live.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The files that pages are made of, by the path at which they are served. There are no others, whatever is asked for.
public final class Assets {
    private final Map<String, String> texts;

    /// @param files names of text files
    /// @param text  what is in one of them
    public static Assets at(String folder, List<String> files, Function<String, String> text) {
        return new Assets(files.stream().collect(Collectors.toMap(file -> folder + file, text)));
    }

    private Assets(Map<String, String> texts) {
        this.texts = texts;
    }

    /// The text of a resource beside that class.
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Answers with the file of that path; false if there is none.
    public boolean send(Exchange exchange) throws IOException {
        String text = texts.get(exchange.path());
        if (text == null) {
            return false;
        }
        exchange.send(exchange.path().substring(exchange.path().lastIndexOf('.') + 1), text);
        return true;
    }
}
