package io.janklab.dashboards.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A scratch folder beside or in a target, `.TARGET.0123456789abcdef.making`, for files that are not yet a result. It is deleted when it is
/// closed; when the program is asked to end (Ctrl-C), though only after a move into place in progress; and, if the program was killed, when
/// the next program writes in the same folder. That one recognizes an abandoned folder by its file lock, which ends with the process, in
/// any container.
public final class Unfinished implements AutoCloseable {
    private static final int ATTEMPTS = 100;
    private static final Pattern MADE = Pattern.compile("\\..*\\.[0-9a-f]{16}\\.making");
    private static final String LOCK = "lock";
    private static final String CONTENTS = "contents";
    /// A folder without a lock may be about to get one, unless it is older.
    private static final Duration SURELY_LOCKED = Duration.ofMinutes(1);

    /// Held while files move into place. Fair, so that the shutdown hook comes before the next.
    private static final ReentrantLock MOVING = new ReentrantLock(true);
    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();
    private static final Set<LastAct> LAST_ACTS = ConcurrentHashMap.newKeySet();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(Unfinished::giveUp));
        } catch (IllegalStateException e) {
            // The program is already ending; a folder made now is left to the next one.
        }
    }

    /// Never unlocks: until the program has ended nothing more is moved or reported, except by this thread.
    private static void giveUp() {
        MOVING.lock();
        for (int attempt = 0; attempt < ATTEMPTS && !UNDER_WAY.isEmpty(); attempt++) {
            UNDER_WAY.removeIf(Unfinished::isGone);
        }
        LAST_ACTS.forEach(last -> last.act.run());
    }

    /// An action to run if the program is asked to end before this is closed. It may write files.
    public static final class LastAct implements AutoCloseable {
        private final Runnable act;

        public LastAct(Runnable act) {
            this.act = act;
            LAST_ACTS.add(this);
        }

        @Override
        public void close() {
            LAST_ACTS.remove(this);
        }
    }

    /// Deletes it; whoever is making it may add to it meanwhile.
    private static boolean isGone(Path scratch) {
        try {
            delete(scratch);
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private final Path scratch;
    private final FileChannel channel;

    private Unfinished(Path scratch) throws IOException {
        this.scratch = scratch;
        UNDER_WAY.add(scratch);
        try {
            Files.createDirectory(scratch);
            channel = FileChannel.open(scratch.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            hasLock(channel);
            Files.createDirectory(contents());
        } catch (IOException e) {
            forgetAndDelete();
            throw e;
        }
    }

    /// @param target the file or folder that will be made; its folder is made if it does not exist
    public static Unfinished beside(Path target) throws IOException {
        Path whole = target.toAbsolutePath().normalize();
        if (whole.getParent() == null) {
            throw new IOException(target + " has no folder above it");
        }
        Files.createDirectories(whole.getParent());
        return in(whole.getParent(), whole);
    }

    /// For what will be in a folder that exists: it may be a file system of its own, or a link to one, below a folder that is read-only.
    public static Unfinished within(Path folder) throws IOException {
        Path whole = folder.toAbsolutePath().normalize();
        if (whole.getParent() != null) {
            removeAbandoned(whole.getParent());
        }
        return in(whole, whole);
    }

    private static Unfinished in(Path parent, Path target) throws IOException {
        removeAbandoned(parent);
        long number = ThreadLocalRandom.current().nextLong();
        return new Unfinished(parent.resolve(String.format(".%s.%016x.making", target.getFileName(), number)));
    }

    /// Whether a file is such a scratch folder, of any program.
    public static boolean isOne(Path file) {
        return MADE.matcher(file.getFileName().toString()).matches();
    }

    /// Of programs that were killed.
    private static void removeAbandoned(Path parent) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.list(parent)) {
            found = files.filter(file -> isOne(file) && !UNDER_WAY.contains(file)).toList();
        }
        for (Path each : found) {
            if (isAbandoned(each)) {
                isGone(each);
            }
        }
    }

    private static boolean isAbandoned(Path scratch) {
        try (FileChannel channel = FileChannel.open(scratch.resolve(LOCK), StandardOpenOption.WRITE)) {
            return hasLock(channel);
        } catch (NoSuchFileException e) {
            return isOlderThanItsLock(scratch);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOlderThanItsLock(Path scratch) {
        try {
            return Files.getLastModifiedTime(scratch).compareTo(FileTime.from(Instant.now().minus(SURELY_LOCKED))) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// False also where the file system has no locks: there it is unknown whether a program is still running.
    private static boolean hasLock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /// An empty folder to make things in.
    public Path contents() {
        return scratch.resolve(CONTENTS);
    }

    /// Moves things to where they belong.
    @FunctionalInterface
    public interface Move {
        void move() throws IOException;
    }

    /// Does `move` as a whole: a program that is told to end waits for it, or does not begin.
    ///
    /// @throws IOException also if the folder it is in was moved or removed meanwhile
    public void finish(Move move) throws IOException {
        MOVING.lock();
        try {
            if (!Files.exists(scratch.resolve(LOCK))) {
                throw new NoSuchFileException(scratch.toString(), null, "removed while it was in use");
            }
            move.move();
        } finally {
            MOVING.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        forgetAndDelete();
    }

    private void forgetAndDelete() throws IOException {
        MOVING.lock();
        try {
            UNDER_WAY.remove(scratch);
        } finally {
            MOVING.unlock();
        }
        delete(scratch);
    }

    /// A folder that is not there, or goes meanwhile with the folder it is in, needs no deleting.
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList().reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // It has gone.
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }
}
