package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The kernel's tracefs, as far as a recorder needs it.
final class Tracefs {
    private static final List<Path> MOUNTS = List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
    private static final String PREFIX = "janklab-";
    /// `PROC_PID_INIT_INO` of Linux's `include/linux/proc_ns.h`.
    private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";
    private static final Pattern INSTANCE = Pattern.compile(PREFIX + "(\\d+)-.*");

    private final Path root;

    private Tracefs(Path root) {
        this.root = root;
    }

    /// @throws BadInput if there is none, or no right to it
    static Tracefs find() {
        if (!knowsProcessesByOurIds()) {
            throw new BadInput("tracefs names processes by their ids outside of this container (a pid namespace of its own): "
                    + "record outside of it.");
        }
        for (Path mount : MOUNTS) {
            if (Files.exists(mount.resolve("trace"))) {
                if (!Files.isWritable(mount.resolve("tracing_on"))) {
                    throw new BadInput("only root may record through " + mount + ".");
                }
                return new Tracefs(mount);
            }
        }
        throw new BadInput("tracefs is not mounted, or only root may see it; root mounts it by: mount -t tracefs nodev "
                + MOUNTS.getFirst());
    }

    private static boolean knowsProcessesByOurIds() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals(FIRST_PID_NAMESPACE);
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    /// Removes the instances of recorders that no longer exist.
    ///
    /// @return how many
    int removeStale() {
        int removed = 0;
        try (DirectoryStream<Path> instances = Files.newDirectoryStream(root.resolve("instances"))) {
            for (Path instance : instances) {
                Matcher name = INSTANCE.matcher(instance.getFileName().toString());
                if (name.matches() && isOver(name.group(1))) {
                    new Instance(instance).remove();
                    removed++;
                }
            }
        } catch (IOException e) {
            throw new BadInput("the instances of tracefs cannot be read: " + e.getMessage() + ".");
        }
        return removed;
    }

    /// Whether a process of that id, which named something here after itself, has ended.
    static boolean isOver(String pid) {
        return !Files.exists(Path.of("/proc", pid));
    }

    boolean has(String name) {
        return Files.exists(root.resolve(name));
    }

    /// A file of the kernel's own buffer, in full.
    String read(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    BufferedReader reader(String name) throws IOException {
        return Files.newBufferedReader(root.resolve(name));
    }

    boolean tryWrite(String name, String value) {
        return tryWrite(name, value, StandardOpenOption.WRITE);
    }

    /// Adds a line: opened for less, a file of definitions loses all that are in it, others' too.
    boolean tryAppend(String name, String value) {
        return tryWrite(name, value, StandardOpenOption.APPEND);
    }

    private boolean tryWrite(String name, String value, StandardOpenOption how) {
        try {
            Files.writeString(root.resolve(name), value, how);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// A ring buffer of its own.
    Instance create(String name) {
        Path folder = root.resolve("instances").resolve(PREFIX + ProcessHandle.current().pid() + "-" + name);
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new BadInput("tracefs gives no instance of its own: " + e.getMessage() + ".");
        }
        return new Instance(folder);
    }

    /// One ring buffer and its switches.
    ///
    /// A kernel does not remove an instance while one of its files is open, and Ctrl-C may come at such a time: removal waits for a write
    /// that is under way, closes files being read, and refuses all later accesses.
    static final class Instance {
        private static final int ATTEMPTS = 100;
        private static final int PAUSE_MS = 10;

        private final Path folder;
        private final List<Closeable> reading = new ArrayList<>();
        private boolean removed;

        Instance(Path folder) {
            this.folder = folder;
        }

        boolean has(String name) {
            return Files.exists(folder.resolve(name));
        }

        /// @throws BadInput if the kernel refuses, or the instance was removed meanwhile
        synchronized void write(String name, String value) {
            if (removed) {
                throw new BadInput("the recording was given up.");
            }
            if (!tryWrite(name, value)) {
                throw new BadInput("the kernel refuses '" + value + "' for " + folder.resolve(name) + ".");
            }
        }

        synchronized boolean tryWrite(String name, String value) {
            if (removed) {
                return false;
            }
            try {
                Files.writeString(folder.resolve(name), value);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /// Switches an event on, if the kernel has it.
        boolean enable(String event) {
            return has("events/" + event) && tryWrite("events/" + event + "/enable", "1");
        }

        /// The buffer's text, which ends early if the instance is removed.
        synchronized BufferedReader trace() throws IOException {
            if (removed) {
                throw new IOException(folder + " is removed");
            }
            BufferedReader lines = Files.newBufferedReader(folder.resolve("trace"));
            reading.add(lines);
            return lines;
        }

        /// The counts of each core's buffer.
        synchronized List<String> statsByCore() throws IOException {
            if (removed) {
                throw new IOException(folder + " is removed");
            }
            List<String> stats = new ArrayList<>();
            try (DirectoryStream<Path> cores = Files.newDirectoryStream(folder.resolve("per_cpu"))) {
                for (Path core : cores) {
                    stats.add(Files.readString(core.resolve("stats")));
                }
            }
            return stats;
        }

        synchronized void remove() {
            tryWrite("tracing_on", "0");
            tryWrite("events/enable", "0");
            removed = true;
            reading.forEach(Instance::close);
            for (int attempt = 0; attempt < ATTEMPTS && !tryRemove(); attempt++) {
                pause();
            }
        }

        private static void close(Closeable file) {
            try {
                file.close();
            } catch (IOException e) {
                // Nothing was written through it.
            }
        }

        /// False while a process has one of its files open, such as a child between its fork and its exec; the next recorder tries again.
        private boolean tryRemove() {
            try {
                Files.deleteIfExists(folder);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        private static void pause() {
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
