package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The kernel's tracefs, as far as a recorder needs it.
final class Tracefs {
    private static final List<Path> MOUNTS = List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
    private static final String PREFIX = "janklab-";
    private static final Pattern INSTANCE = Pattern.compile(PREFIX + "(\\d+)-.*");

    private final Path root;

    private Tracefs(Path root) {
        this.root = root;
    }

    /// @throws BadInput if there is none, or no right to it
    static Tracefs find() {
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

    /// Removes what recorders have left that are no more.
    ///
    /// @return how many
    int removeStale() {
        int removed = 0;
        try (DirectoryStream<Path> instances = Files.newDirectoryStream(root.resolve("instances"))) {
            for (Path instance : instances) {
                Matcher name = INSTANCE.matcher(instance.getFileName().toString());
                if (name.matches() && !Files.exists(Path.of("/proc", name.group(1)))) {
                    new Instance(instance).remove();
                    removed++;
                }
            }
        } catch (IOException e) {
            throw new BadInput("the instances of tracefs cannot be read: " + e.getMessage() + ".");
        }
        return removed;
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
    static final class Instance {
        private final Path folder;

        Instance(Path folder) {
            this.folder = folder;
        }

        Path file(String name) {
            return folder.resolve(name);
        }

        boolean has(String name) {
            return Files.exists(folder.resolve(name));
        }

        /// @throws BadInput if the kernel refuses
        void write(String name, String value) {
            if (!tryWrite(name, value)) {
                throw new BadInput("the kernel refuses '" + value + "' for " + folder.resolve(name) + ".");
            }
        }

        boolean tryWrite(String name, String value) {
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

        void remove() {
            tryWrite("tracing_on", "0");
            tryWrite("events/enable", "0");
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                // Somebody still reads it; the next recorder tries again.
            }
        }
    }
}
