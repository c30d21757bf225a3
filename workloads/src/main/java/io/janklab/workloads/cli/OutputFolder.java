package io.janklab.workloads.cli;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The folder a command writes: all of its files or none. They are made in a folder beside it and moved in when all are whole. A program
/// told to end (Ctrl-C) ends a moving-in under way, and gives up what is still being made. What a program that was killed was making goes
/// when the next one writes there.
final class OutputFolder {
    private static final int ATTEMPTS = 100;
    /// `.out.4711.making`, of process 4711.
    private static final String MAKING = ".making";

    /// Held while files move in. Fair, so that the shutdown hook comes before the next.
    private static final ReentrantLock MOVING = new ReentrantLock(true);
    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(OutputFolder::giveUp));
    }

    /// Never unlocks: nothing more moves in, or is told of, until the program has ended.
    private static void giveUp() {
        MOVING.lock();
        for (int attempt = 0; attempt < ATTEMPTS && !UNDER_WAY.isEmpty(); attempt++) {
            UNDER_WAY.removeIf(OutputFolder::isGone);
        }
    }

    /// Deletes it; whoever is making it may add to it meanwhile.
    private static boolean isGone(Path making) {
        try {
            delete(making);
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private final Path folder;

    /// A folder that a command may write into: it does not exist, is empty, or holds what the command left at an earlier time.
    ///
    /// @param force to write into it whatever it holds
    /// @param mainFile of the command: a JSON object that has `key`
    /// @throws BadInput if nothing could be written there, or something may not
    static OutputFolder of(Path folder, boolean force, String mainFile, String key) {
        OutputFolder output = new OutputFolder(folder);
        if (!force && Files.isDirectory(output.folder) && !output.isFree(mainFile, key)) {
            throw new BadInput("--out " + folder
                    + " holds files that this command has not written; give another folder, or --force to write there all the same.");
        }
        return output;
    }

    private boolean isFree(String mainFile, String key) {
        try {
            return list(folder).isEmpty() || hasKey(folder.resolve(mainFile), key);
        } catch (IOException e) {
            throw new BadInput("the folder " + folder + " cannot be read (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ").");
        }
    }

    private static boolean hasKey(Path file, String key) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            return JsonMapper.shared().readTree(file).has(key);
        } catch (JacksonException e) {
            return false;
        }
    }

    /// @throws BadInput if nothing could be written there
    OutputFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        if (Files.exists(this.folder) && !Files.isDirectory(this.folder)) {
            throw new BadInput("--out " + folder + " is a file, not a folder.");
        }
    }

    /// Makes files in the folder it is given.
    interface Maker {
        void makeIn(Path folder) throws IOException;

        /// Whether a file of that name, if it is there and not made now, is left over from an earlier time and goes.
        default boolean isLeftover(String name) {
            return false;
        }
    }

    void write(Maker files) {
        try {
            make(files);
        } catch (IOException | UncheckedIOException e) {
            throw new BadInput("the folder " + folder + " cannot be written ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage() + ").");
        }
    }

    private void make(Maker files) throws IOException {
        Files.createDirectories(folder.getParent());
        removeAbandoned();
        Path making = folder.resolveSibling("." + folder.getFileName() + "." + ProcessHandle.current().pid() + MAKING);
        UNDER_WAY.add(making);
        try {
            Files.createDirectory(making);
            files.makeIn(making);
            MOVING.lock();
            try {
                removeLeftovers(files, making);
                moveInto(making);
            } finally {
                MOVING.unlock();
            }
        } finally {
            forget(making);
            delete(making);
        }
    }

    private static void forget(Path making) {
        MOVING.lock();
        try {
            UNDER_WAY.remove(making);
        } finally {
            MOVING.unlock();
        }
    }

    /// Of programs that were killed.
    private void removeAbandoned() throws IOException {
        Pattern making = Pattern.compile(Pattern.quote("." + folder.getFileName() + ".") + "(\\d{1,18})" + Pattern.quote(MAKING));
        for (Path beside : list(folder.getParent())) {
            Matcher name = making.matcher(beside.getFileName().toString());
            if (name.matches() && Files.isDirectory(beside) && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                delete(beside);
            }
        }
    }

    private void removeLeftovers(Maker files, Path making) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        for (Path old : list(folder)) {
            String name = old.getFileName().toString();
            boolean isReplaced = Files.isRegularFile(making.resolve(name));
            if (files.isLeftover(name) && !isReplaced) {
                delete(old);
            }
        }
    }

    private void moveInto(Path making) throws IOException {
        for (Path file : all(making).stream().filter(Files::isRegularFile).toList()) {
            Path target = folder.resolve(making.relativize(file));
            Files.createDirectories(target.getParent());
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path making) throws IOException {
        if (!Files.exists(making)) {
            return;
        }
        for (Path path : all(making).reversed()) {
            Files.deleteIfExists(path);
        }
    }

    /// The folder and everything below it, folders before what is in them.
    private static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.toList();
        }
    }

    private static List<Path> list(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.toList();
        }
    }
}
