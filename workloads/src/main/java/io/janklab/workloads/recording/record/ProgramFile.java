package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The file of a program that is named as on a command line.
final class ProgramFile {
    private ProgramFile() {}

    /// A program as a shell finds it, a library as it is named.
    static Path find(String file) {
        if (file.contains("/")) {
            return Path.of(file).toAbsolutePath();
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, file).toAbsolutePath()).filter(Files::isRegularFile).findFirst()
                .orElse(Path.of(file));
    }

    /// A shell would find out too late.
    ///
    /// @throws BadInput if there is no such program
    static void require(String command) {
        boolean isPath = command.contains("/");
        String path = isPath ? "" : System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        boolean isThere = isPath ? isProgram(Path.of(command))
                : Stream.of(path.split(":")).anyMatch(folder -> isProgram(Path.of(folder.isEmpty() ? "." : folder, command)));
        if (!isThere) {
            throw new BadInput("there is no program '" + command + "' to record.");
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
