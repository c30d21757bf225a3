package io.janklab.explore.litmus;

import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Litmuses of this library that are text files.
final class LitmusResource {
    private LitmusResource() {}

    /// The litmus of `NAME.litmus`.
    static LitmusText read(String name) {
        return LitmusParser.parse(text(name).lines().toList());
    }

    /// The file itself.
    static String text(String name) {
        try (InputStream in = LitmusResource.class.getResourceAsStream(name + ".litmus")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
