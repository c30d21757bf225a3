package io.janklab.workloads.input;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// The path of a file as given by the user.
public final class FilePath {
    private FilePath() {}

    /// @throws BadInput if no file of this host can be called so
    public static Path of(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadInput("'" + text + "' cannot be the path of a file (" + e.getReason() + ").");
        }
    }

    /// The last part of it, or all of it where there are no parts, as in `/`.
    public static String nameOf(String text) {
        Path name = of(text).getFileName();
        return name == null ? text : name.toString();
    }
}
