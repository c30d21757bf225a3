package io.janklab.dashboards.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes files that appear whole or not at all: into a temporary file beside the target, then renamed over it.
public final class AtomicFile {
    /// Writes the contents of one file.
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /// @throws IOException if the file cannot be written; the target is then as it was before
    public static void write(Path target, Content content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        removeAbandoned(folder, target);
        Path temporary = folder.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                content.writeTo(out);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Those of programs that were killed.
    private static void removeAbandoned(Path folder, Path target) throws IOException {
        Pattern temporary = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "(\\d{1,18})\\.tmp");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> file.getFileName().toString().endsWith(".tmp"))) {
            for (Path file : files) {
                Matcher name = temporary.matcher(file.getFileName().toString());
                if (name.matches() && Files.isRegularFile(file) && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
