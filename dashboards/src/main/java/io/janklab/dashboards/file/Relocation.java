package io.janklab.dashboards.file;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The move of made files into a folder that has an older result. It is written down in the scratch folder before the first file moves, so
/// that the program that finds it after a `kill -9` carries it out to its end.
///
/// @param folder the destination: the one the scratch folder is in, or one beside it
/// @param obsolete paths of files and folders there that are deleted, folders after what is in them
record Relocation(Path scratch, Path contents, Path folder, List<String> obsolete) {
    private static final String PLAN = "plan";
    private static final String WITHIN = ".";

    /// Written by a program that was killed, or null.
    static @Nullable Relocation of(Path scratch, Path contents) throws IOException {
        Path plan = scratch.resolve(PLAN);
        if (!Files.isRegularFile(plan)) {
            return null;
        }
        List<String> lines = Files.readAllLines(plan);
        if (lines.isEmpty() || !lines.stream().allMatch(Relocation::isBelow)) {
            return null;
        }
        Path folder = scratch.resolveSibling(lines.getFirst()).normalize();
        return new Relocation(scratch, contents, folder, lines.subList(1, lines.size()));
    }

    private static boolean isBelow(String line) {
        Path path = Path.of(line).normalize();
        return !path.isAbsolute() && !path.startsWith("..");
    }

    /// @throws IOException if that is impossible; the folder is then as it was
    void write() throws IOException {
        for (Path file : files()) {
            Path target = target(file);
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(target.toString(), null, folder.relativize(target) + " there is a folder");
            }
            Files.createDirectories(target.getParent());
        }
        String where = folder.equals(scratch.getParent()) ? WITHIN : folder.getFileName().toString();
        Path draft = Files.write(scratch.resolve("draft"), Stream.concat(Stream.of(where), obsolete.stream()).toList());
        Files.move(draft, scratch.resolve(PLAN), StandardCopyOption.ATOMIC_MOVE);
    }

    /// What is left of it, if it had started.
    void carryOut() throws IOException {
        for (String name : obsolete) {
            delete(folder.resolve(name));
        }
        for (Path file : files()) {
            Files.move(file, target(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.delete(scratch.resolve(PLAN));
    }

    /// What is in a folder meanwhile stays.
    private static void delete(Path old) throws IOException {
        try {
            Files.deleteIfExists(old);
        } catch (DirectoryNotEmptyException e) {
            return;
        }
    }

    private Path target(Path file) {
        return folder.resolve(contents.relativize(file).toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.walk(contents)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
