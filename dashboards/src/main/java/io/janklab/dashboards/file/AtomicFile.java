package io.janklab.dashboards.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes files that appear whole or not at all: beside the target ([Unfinished]), then renamed over it.
public final class AtomicFile {
    /// Writes the contents of one file.
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /// An existing target that is not a regular file, such as `/dev/stdout` or a pipe, is written to directly.
    ///
    /// @throws IOException if the file cannot be written; the target is then as it was before
    public static void write(Path target, Content content) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            write(content, target);
            return;
        }
        try (Unfinished making = Unfinished.beside(target)) {
            Path whole = making.contents().resolve("file");
            write(content, whole);
            making.finish(() -> Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
        }
    }

    private static void write(Content content, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.writeTo(out);
        }
    }
}
