package io.janklab.workloads.recording.read;

import io.janklab.workloads.input.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A recorder's own file as text, by that recorder's own tool if this machine has it.
final class Converter implements AutoCloseable {
    private static final List<String> TRACE_CMD = List.of("trace-cmd", "report", "-t", "-i");
    private static final List<String> PERF = List.of("perf", "script", "--ns", "--header", "-F", "+addr", "-i");
    private static final int LONGEST_COMPLAINT = 200;

    private final String tool;
    private final Path file;
    private final Process process;
    private final List<String> complaints = new ArrayList<>();
    private final Thread listener;

    private Converter(String tool, Path file, Process process) {
        this.tool = tool;
        this.file = file;
        this.process = process;
        this.listener = Thread.ofVirtual().start(this::listen);
    }

    /// Of a file that is not packed, by its beginning.
    ///
    /// @return null if it is no such file
    /// @throws BadInput if its tool is not here
    static @Nullable Converter of(byte[] first, Path file) {
        return Sniffer.isTraceDat(first) ? start(TRACE_CMD, file) : Sniffer.isPerfData(first) ? start(PERF, file) : null;
    }

    private static Converter start(List<String> command, Path file) {
        List<String> whole = new ArrayList<>(command);
        whole.add(file.toAbsolutePath().toString());
        try {
            ProcessBuilder builder = new ProcessBuilder(whole);
            builder.environment().put("LC_ALL", "C");
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            return new Converter(command.getFirst(), file, builder.start());
        } catch (IOException e) {
            throw new BadInput(file + " is " + command.getFirst() + "'s own file, and " + command.getFirst()
                    + " cannot be run here to read it: turn it into text where it can, by " + String.join(" ", command) + " " + file
                    + " > " + file.getFileName() + ".txt.");
        }
    }

    InputStream text() {
        return process.getInputStream();
    }

    private void listen() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (complaints.isEmpty() && !line.isBlank()) {
                    complaints.add(line.strip().substring(0, Math.min(LONGEST_COMPLAINT, line.strip().length())));
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    /// To be called at the end of its text.
    ///
    /// @throws BadInput if the tool has failed
    void check() {
        try {
            int exit = process.waitFor();
            listener.join();
            if (exit != 0) {
                throw new BadInput(tool + " cannot read " + file + ": "
                        + (complaints.isEmpty() ? "exit code " + exit : complaints.getFirst()) + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted.");
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
