package io.janklab.workloads.recording.read;

import io.janklab.workloads.input.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// A recorder's own file as text, or a packed file unpacked, by the tool that made it if this machine has that.
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

    /// What a tool other than gzip and zip has packed, unpacked by it.
    ///
    /// @return null if it is no such file
    /// @throws BadInput if its tool is not here
    static @Nullable Converter unpacking(byte[] first, Path file) {
        String packer = Sniffer.packer(first);
        if (packer == null) {
            return null;
        }
        try {
            return begin(List.of(packer, "-dc"), file);
        } catch (IOException e) {
            throw new BadInput(file + " is packed by " + packer + ", which cannot be run here: unpack it first (gzip and zip are read as "
                    + "they are).");
        }
    }

    /// What a packer without a file of its own is given, unpacked by its tool.
    ///
    /// @throws IOException if it is not here, or does not understand it
    static byte[] unpacked(String packer, byte[] packed) throws IOException {
        Process process = new ProcessBuilder(packer, "-dc").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Thread.ofVirtual().start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(packed);
            } catch (IOException e) {
                // It has ended: its exit code tells.
            }
        });
        byte[] all = process.getInputStream().readAllBytes();
        try {
            if (process.waitFor() != 0) {
                throw new ZipException("it does not unpack it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted.");
        }
        return all;
    }

    /// Of a file that is not packed, by its beginning.
    ///
    /// @return null if it is no such file
    /// @throws BadInput if its tool is not here
    static @Nullable Converter of(byte[] first, Path file) {
        return Sniffer.isTraceDat(first) ? start(TRACE_CMD, file) : Sniffer.isPerfData(first) ? start(PERF, file) : null;
    }

    private static Converter start(List<String> command, Path file) {
        try {
            return begin(command, file);
        } catch (IOException e) {
            throw new BadInput(file + " is " + command.getFirst() + "'s own file, and " + command.getFirst()
                    + " cannot be run here to read it: turn it into text where it can, by " + String.join(" ", command) + " " + file
                    + " > " + file.getFileName() + ".txt.");
        }
    }

    private static Converter begin(List<String> command, Path file) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.add(file.toAbsolutePath().toString());
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        return new Converter(command.getFirst(), file, builder.start());
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
