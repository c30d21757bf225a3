package io.janklab.workloads.sweep.remote;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.Merge;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A sweep's journal in a remote folder: `journal.jsonl`, or, while the sweep is unfinished, its parts `journal.jsonl.…`. It is written
/// in a local file.
public final class RemoteJournal implements AutoCloseable {
    private final RemoteFolder folder;
    private final Path file;
    private final String name;
    /// Null until the first is made.
    private @Nullable JournalParts parts;

    /// @param file on this host; its name is the journal's
    public RemoteJournal(RemoteFolder folder, Path file) {
        this.folder = folder;
        this.file = file;
        name = file.getFileName().toString();
    }

    /// Whether any of it exists.
    ///
    /// @throws BadInput if the folder cannot be read
    public boolean isThere() {
        return !there().isEmpty();
    }

    private List<String> there() {
        try {
            return folder.names().stream().filter(other -> other.equals(name) || other.startsWith(name + ".")).toList();
        } catch (IOException e) {
            throw cannotBeRead(e);
        }
    }

    private BadInput cannotBeRead(IOException e) {
        return new BadInput("--out " + folder + " cannot be read (" + FileTrouble.inWords(e) + ").");
    }

    /// Makes the local file from the remote ones. A part that was never finished counts as far as it goes.
    ///
    /// @return runs that had different results in two parts, a line for each; they are left out
    /// @throws BadInput if there is nothing, or it is not the journal of one sweep
    public List<String> fetch() {
        try {
            Path fetched = Files.createTempDirectory(file.getParent(), "parts");
            int number = 0;
            for (String part : there()) {
                Path to = fetched.resolve("journal-" + number++ + ".jsonl");
                folder.fetch(part, to);
                if (!hasDefinition(to)) {
                    Files.delete(to);
                }
            }
            Merge merge = Merge.of(List.of(fetched));
            merge.write(file);
            for (Path part : merge.journals()) {
                Files.delete(part);
            }
            Files.delete(fetched);
            return merge.findings();
        } catch (IOException e) {
            throw cannotBeRead(e);
        }
    }

    /// Whether its first line was finished.
    private static boolean hasDefinition(Path part) throws IOException {
        try (InputStream octets = Files.newInputStream(part)) {
            for (int octet = octets.read(); octet >= 0; octet = octets.read()) {
                if (octet == '\n') {
                    return true;
                }
            }
            return false;
        }
    }

    /// From now on every addition to `journal`, the local file, is copied to the folder.
    ///
    /// @param isNew whether it replaces the remote journal rather than continuing it
    public void follow(Journal journal, boolean isNew) {
        try {
            if (isNew) {
                deleteAll(there());
            }
            parts = new JournalParts(folder, file, isNew ? 0 : Files.size(file));
        } catch (IOException e) {
            throw cannotBeWritten(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(parts::saveRest));
        journal.watch(parts::grown);
    }

    private void deleteAll(List<String> names) throws IOException {
        for (String other : names) {
            folder.delete(other);
        }
    }

    private BadInput cannotBeWritten(IOException e) {
        return new BadInput("--out " + folder + " cannot be written (" + FileTrouble.inWords(e) + ").");
    }

    /// Merges the parts into one file. At any moment all runs are in the remote files.
    public void unite() {
        Objects.requireNonNull(parts, "not begun").close();
        try {
            List<String> before = there();
            if (before.contains(name)) {
                folder.put(out -> Files.copy(file, out), name + ".whole");
            }
            folder.put(out -> Files.copy(file, out), name);
            deleteAll(there().stream().filter(other -> !other.equals(name)).toList());
        } catch (IOException e) {
            throw cannotBeWritten(e);
        }
    }

    /// All additions so far are remote when this returns.
    @Override
    public void close() {
        if (parts != null) {
            parts.close();
        }
    }
}
