package io.janklab.dashboards.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The turn of one program to move files into a folder: a link there to its scratch folder, whose lock tells whether it is still running.
/// It is deleted by its owner or, if that was killed, by the program that completes the move. A file system without
/// links has no mutual exclusion.
final class Turn {
    static final String NAME = ".janklab.moving";
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Path folder;
    private final Path link;
    private final Path scratch;

    Turn(Path folder, Path scratch) {
        this.folder = folder;
        this.link = folder.resolve(NAME);
        this.scratch = scratch;
    }

    /// Completes a scratch folder if its owner was killed.
    interface Completion {
        void complete(Path scratch) throws IOException;
    }

    /// Waits for its turn, until it is to `giveUp`.
    ///
    /// @throws IOException also if another program has been moving files for ten seconds
    void take(Completion ofOthers, BooleanSupplier giveUp) throws IOException {
        for (long waits = LONGEST.dividedBy(PAUSE); waits > 0 && !giveUp.getAsBoolean(); waits--) {
            if (isTaken()) {
                return;
            }
            Path owner = owner();
            if (owner != null && !Files.exists(owner)) {
                Files.deleteIfExists(link);
            } else if (owner != null) {
                ofOthers.complete(owner);
            }
            pause();
        }
        throw new IOException("another program has been writing there for " + LONGEST.toSeconds() + " s");
    }

    private boolean isTaken() throws IOException {
        try {
            Files.createSymbolicLink(link, folder.relativize(scratch));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException e) {
            return true;
        } catch (FileSystemException e) {
            if (Files.isWritable(folder) && hasNoLinks(e)) {
                return true;
            }
            throw e;
        }
    }

    /// The words of `EPERM`, with which FAT and others answer.
    private static boolean hasNoLinks(FileSystemException e) {
        return e.getReason() != null && e.getReason().contains("not permitted");
    }

    /// The scratch folder that has the turn; null if none has.
    private @Nullable Path owner() throws IOException {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link)).normalize();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// Does nothing if another has it.
    void end() throws IOException {
        if (Files.isSymbolicLink(link) && scratch.equals(owner())) {
            Files.deleteIfExists(link);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another program was writing there");
        }
    }
}
