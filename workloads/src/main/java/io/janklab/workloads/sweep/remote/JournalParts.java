package io.janklab.workloads.sweep.remote;

import io.janklab.workloads.input.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keeps a copy of a growing journal in a remote folder, in parts: each a journal of its own with the runs between two places of the one
/// here.
///
/// New lines are uploaded at once, on a thread of its own; lines added during an upload go with the next. [#MOST] parts of one size are
/// merged into a part of the next size, and only then deleted: for a million runs there are never more than about a hundred.
final class JournalParts implements AutoCloseable {
    static final int MOST = 32;

    private final RemoteFolder folder;
    private final Path journal;
    private final String prefix;
    private final Thread thread = new Thread(this::work, "journal parts");
    private final Deque<Part> parts = new ArrayDeque<>();
    private final byte[] definition;
    private int made;
    private long saved;
    /// How much of the journal here is whole.
    private long end;
    private boolean isClosing;
    /// Why nothing more can be saved; null if all is well.
    private @Nullable IOException trouble;

    /// @param size how often parts have been merged
    private record Part(String name, long from, long to, int size) {}

    /// @param saved how much of the journal is in the folder already
    JournalParts(RemoteFolder folder, Path journal, long saved) throws IOException {
        this.folder = folder;
        this.journal = journal;
        this.saved = saved;
        end = saved;
        prefix = journal.getFileName() + "." + UUID.randomUUID() + ".";
        try (BufferedReader lines = Files.newBufferedReader(journal)) {
            definition = (lines.readLine() + "\n").getBytes(StandardCharsets.UTF_8);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /// `whole` bytes of the journal are complete now.
    ///
    /// @throws BadInput if some could not be saved
    synchronized void grown(long whole) {
        if (trouble != null) {
            throw new BadInput("--out " + folder + " cannot be written (" + trouble.getMessage()
                    + "); --resume continues from there.");
        }
        end = whole;
        notifyAll();
    }

    private void work() {
        try {
            for (long whole = awaitMore(); whole > saved; whole = awaitMore()) {
                parts.addLast(put(saved, whole, 0));
                saved = whole;
                unite();
            }
        } catch (IOException e) {
            synchronized (this) {
                trouble = e;
            }
        }
    }

    /// How much of the journal is whole, once there is more than has been saved, or no more will come.
    private synchronized long awaitMore() {
        while (end == saved && !isClosing) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
            }
        }
        return end;
    }

    private Part put(long from, long to, int size) throws IOException {
        Part part = new Part(prefix + made++, from, to, size);
        folder.put(out -> write(from, to, out), part.name());
        return part;
    }

    private void write(long from, long to, OutputStream out) throws IOException {
        // The definition is the first line of the journal itself.
        out.write(definition);
        WritableByteChannel target = Channels.newChannel(out);
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.READ)) {
            for (long at = Math.max(from, definition.length); at < to; ) {
                at += channel.transferTo(at, to - at, target);
            }
        }
    }

    /// Merges the last parts, as long as there are too many of their size.
    private void unite() throws IOException {
        int size = parts.getLast().size();
        List<Part> alike = parts.stream().filter(part -> part.size() == size).toList();
        if (alike.size() < MOST) {
            return;
        }
        parts.addLast(put(alike.getFirst().from(), alike.getLast().to(), size + 1));
        for (Part part : alike) {
            folder.delete(part.name());
            parts.remove(part);
        }
        unite();
    }

    /// Saves the rest.
    ///
    /// @throws BadInput if that is not possible
    @Override
    public void close() {
        saveRest();
        grown(end);
    }

    /// As far as possible.
    void saveRest() {
        synchronized (this) {
            isClosing = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
