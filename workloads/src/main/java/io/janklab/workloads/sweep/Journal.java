package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a sweep has found so far, a JSON object a line: first its definition, then each run as it ends. Lines are only ever appended, so
/// whoever is killed loses the run whose line was not yet whole.
public final class Journal {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;
    private final SweepDefinition definition;
    private final List<JournalEntry> entries;

    private Journal(Path file, SweepDefinition definition, List<JournalEntry> entries) {
        this.file = file;
        this.definition = definition;
        this.entries = entries;
    }

    /// Begins a new one.
    ///
    /// @param force to begin it in place of one that is there
    /// @throws BadInput if there is one already, or it cannot be written
    public static Journal begin(Path file, SweepDefinition definition, boolean force) {
        if (!force && Files.exists(file)) {
            throw new BadInput(file + " is there already: --resume goes on with that sweep; another --out, or --force, begins a new one.");
        }
        Journal journal = new Journal(file, definition, new ArrayList<>());
        try {
            Files.deleteIfExists(file);
            Files.createDirectories(file.toAbsolutePath().getParent());
            journal.appendLine(JSON.writeValueAsString(definition));
        } catch (IOException | UncheckedIOException e) {
            throw new BadInput(file + " cannot be written (" + e.getClass().getSimpleName() + ").");
        }
        return journal;
    }

    /// Goes on with the one that is there; the rest of a line that was never finished is cut off.
    ///
    /// @throws BadInput if there is none, or it is no journal
    public static Journal resume(Path file) {
        List<String> lines = wholeLines(file);
        if (lines.isEmpty()) {
            throw new BadInput(file + ":1: this is not a sweep's journal: its first line is missing.");
        }
        SweepDefinition definition = parse(file, 1, lines.getFirst(), SweepDefinition.class);
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            entries.add(parse(file, i + 1, lines.get(i), JournalEntry.class));
        }
        return new Journal(file, definition, entries);
    }

    private static List<String> wholeLines(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            if (end < bytes.length) {
                try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                    channel.truncate(end);
                }
            }
            return new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new BadInput("there is no sweep to resume: " + file + " cannot be read.");
        }
    }

    private static <T> T parse(Path file, int line, String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JacksonException e) {
            throw BadInput.at(file.toString(), line, "this is not a line of a sweep's journal.");
        }
    }

    public SweepDefinition definition() {
        return definition;
    }

    /// What it held when it was opened, and has been told since.
    public List<JournalEntry> entries() {
        return entries;
    }

    public void add(JournalEntry entry) {
        appendLine(JSON.writeValueAsString(entry));
        entries.add(entry);
    }

    private void appendLine(String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
