package io.janklab.dashboards.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A scratch folder beside or in a target, `.TARGET.0123456789abcdef.making`, for files that are not yet a result. It is deleted when it is
/// closed; when the program is asked to end (Ctrl-C), though only after a move into place in progress; and, if the program was killed, when
/// the next program reads or writes in the same folder. That one recognizes an abandoned folder by its file lock, which ends with the
/// process, in any container, and first completes a [Relocation] that had begun.
public final class Unfinished implements AutoCloseable {
    private static final int ATTEMPTS = 100;
    private static final Pattern MADE = Pattern.compile("\\.(.*)\\.[0-9a-f]{16}\\.making");
    private static final String LOCK = "lock";
    private static final String CONTENTS = "contents";
    /// The contents of a lock file whose lock was once taken.
    private static final byte[] LOCKED = {'1'};
    /// A folder whose lock was never taken may be about to get one, unless it is older.
    private static final Duration SURELY_LOCKED = Duration.ofMinutes(1);

    /// Held while files move into place. Fair, so that the shutdown hook comes before the next.
    private static final ReentrantLock MOVING = new ReentrantLock(true);
    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();
    private static final Set<LastAct> LAST_ACTS = ConcurrentHashMap.newKeySet();

    /// The program has been asked to end: nothing waits any more.
    private static volatile boolean ending;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(Unfinished::giveUp));
        } catch (IllegalStateException e) {
            // The program is already ending; a folder made now is left to the next one.
        }
    }

    /// Never unlocks: until the program has ended nothing more is moved or reported, except by this thread.
    private static void giveUp() {
        ending = true;
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

    /// Deletes it; its writer may add to it meanwhile.
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
            lock(channel);
            channel.write(ByteBuffer.wrap(LOCKED));
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

    /// Whether a file is such a scratch folder, or a link to one, of any program.
    public static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.equals(Turn.NAME) || MADE.matcher(name).matches();
    }

    /// Completes what programs that were killed had begun to move into a folder, as far as it can be written. To be called before a result
    /// is read from it.
    public static void settle(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        try {
            removeAbandoned(whole);
            if (whole.getParent() != null) {
                removeAbandoned(whole.getParent());
            }
        } catch (IOException e) {
            // The result is read as it is.
        }
    }

    /// Of programs that were killed.
    private static void removeAbandoned(Path parent) throws IOException {
        for (Path scratch : othersIn(parent)) {
            try {
                removeIfAbandoned(scratch);
            } catch (IOException e) {
                // It is left to another.
            }
        }
    }

    private static List<Path> othersIn(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(file -> MADE.matcher(file.getFileName().toString()).matches() && !UNDER_WAY.contains(file)).toList();
        }
    }

    /// Completes it first if it was moving.
    private static void removeIfAbandoned(Path scratch) throws IOException {
        try (FileChannel channel = FileChannel.open(scratch.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (!hasLock(channel) || channel.size() == 0 && !isOlderThanItsLock(scratch)) {
                return;
            }
            Relocation begun = Relocation.of(scratch, scratch.resolve(CONTENTS));
            if (begun != null) {
                begun.carryOut();
            }
            for (Path folder : possibleTargets(scratch)) {
                new Turn(folder, scratch).end();
            }
            isGone(scratch);
        } catch (NoSuchFileException e) {
            if (isOlderThanItsLock(scratch)) {
                isGone(scratch);
            }
        }
    }

    /// The folder it is in, and the one beside it.
    private static List<Path> possibleTargets(Path scratch) {
        Matcher name = MADE.matcher(scratch.getFileName().toString());
        return name.matches() ? List.of(scratch.getParent(), scratch.resolveSibling(name.group(1))) : List.of();
    }

    private static boolean isOlderThanItsLock(Path scratch) {
        try {
            return Files.getLastModifiedTime(scratch).compareTo(FileTime.from(Instant.now().minus(SURELY_LOCKED))) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Waits for a program that looks whether this is abandoned. Nothing where the file system has no locks.
    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException e) {
            // It is left to its owner, as hasLock says.
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

    /// Does `move` as a whole: a program that is asked to end waits for it, or does not begin.
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

    /// Moves what was made into `folder`, over what is there: all of it, even if the program is killed meanwhile: the next one completes
    /// it then. Of two programs at once one is the first. To be called in [#finish].
    ///
    /// @param folder the one this is [within][#within] or [beside][#beside]
    /// @param obsolete paths of files and folders there to be deleted, folders after what is in them
    /// @throws IOException if it cannot begin; the folder is then as it was
    public void moveInto(Path folder, List<String> obsolete) throws IOException {
        Turn turn = new Turn(folder, scratch);
        turn.take(Unfinished::removeIfAbandoned, () -> ending);
        try {
            Relocation relocation = new Relocation(scratch, contents(), folder, obsolete);
            relocation.write();
            relocation.carryOut();
        } finally {
            turn.end();
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
