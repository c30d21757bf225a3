package io.janklab.workloads.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The signal by which tests interrupt a program: SIGINT, as Ctrl-C does. Started in the background by a shell, this process and its
/// children ignore that; SIGTERM ends a JVM in the same way.
public enum Interruption {
    INT(2),
    TERM(15);

    private static final String IGNORED = "SigIgn:";
    private static final int BY_SIGNAL = 128;

    private final int number;

    Interruption(int number) {
        this.number = number;
    }

    public static Interruption here() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            long ignored = status.filter(line -> line.startsWith(IGNORED))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), 16)).sum();
            return (ignored & 1L << (INT.number - 1)) != 0 ? TERM : INT;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The exit code of a program that it ends.
    int exit() {
        return BY_SIGNAL + number;
    }
}
