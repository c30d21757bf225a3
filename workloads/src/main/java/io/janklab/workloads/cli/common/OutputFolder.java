package io.janklab.workloads.cli.common;

import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import io.janklab.workloads.input.HostFailure;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The folder a command writes: all of its files or none. They are made in a scratch folder ([Unfinished]) and moved in when all are whole;
/// of a program that is killed while it moves them, the next one moves the rest.
public final class OutputFolder {
    private final Path folder;
    /// A file that others go beside, or null.
    private final @Nullable Path companion;

    /// A folder that a command may write into: it does not exist, is empty, or holds what the command left there earlier.
    ///
    /// @param force to write into it whatever it holds
    /// @param mainFile of the command: a JSON object that has `key`
    /// @throws BadInput if nothing could be written there, or something may not
    static OutputFolder of(Path folder, boolean force, String mainFile, String key) {
        OutputFolder output = new OutputFolder(folder);
        if (!force && Files.isDirectory(output.folder) && !output.isFree(mainFile, key)) {
            throw new BadInput("--out " + folder + " holds files of others: give another folder, or --force.");
        }
        return output;
    }

    private boolean isFree(String mainFile, String key) {
        try {
            return list(folder).stream().allMatch(Unfinished::isOne) || hasKey(folder.resolve(mainFile), key);
        } catch (IOException e) {
            throw new BadInput("the folder " + folder + " cannot be read (" + FileTrouble.inWords(e) + ").");
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
    public OutputFolder(Path folder) {
        this(folder, null);
    }

    private OutputFolder(Path folder, @Nullable Path companion) {
        this.folder = folder.toAbsolutePath().normalize();
        this.companion = companion;
        if (Files.exists(this.folder) && !Files.isDirectory(this.folder)) {
            throw new BadInput("--out " + folder + " is a file, not a folder.");
        }
        obstacle(nearestThere(this.folder)).ifPresent(this::refuse);
    }

    /// The same, but it is written only while `journal` is in it: where the folder has been moved, that has gone with it.
    public OutputFolder beside(Path journal) {
        return new OutputFolder(folder, journal);
    }

    private void refuse(String reason) {
        throw new BadInput("the folder " + folder + " cannot be written (" + reason + ").");
    }

    /// The folder itself, or the first above it that there is.
    private static Path nearestThere(Path folder) {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    /// Why surely nothing can be written there, so that a command need not work for minutes first.
    private static Optional<String> obstacle(Path there) {
        try {
            FileStore disk = Files.getFileStore(there);
            if (!Files.isWritable(there)) {
                return Optional.of(disk.isReadOnly() ? "Read-only file system" : "Permission denied");
            }
            boolean full = disk.getTotalSpace() > 0 && disk.getUnallocatedSpace() == 0;
            return full ? Optional.of("No space left on device") : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Makes files in the folder it is given.
    public interface Maker {
        void makeIn(Path folder) throws IOException;

        /// Whether a file of that name that exists and is not made now is left over from an earlier run and is deleted.
        default boolean isLeftover(String name) {
            return false;
        }
    }

    public void write(Maker files) {
        try {
            make(files);
        } catch (IOException | RuntimeException e) {
            HostFailure.reason(e).ifPresent(this::refuse);
            throw (RuntimeException) e;
        }
    }

    private void make(Maker files) throws IOException {
        checkCompanion();
        try (Unfinished unfinished = Files.isDirectory(folder) ? Unfinished.within(folder) : Unfinished.beside(folder)) {
            Path making = unfinished.contents();
            files.makeIn(making);
            unfinished.finish(() -> {
                checkCompanion();
                if (!becomesTheFolder(making)) {
                    unfinished.moveInto(folder, leftovers(files, making));
                }
            });
        }
    }

    private void checkCompanion() {
        if (companion != null && !Files.exists(companion)) {
            throw new BadInput(companion + " is not there any more: its folder was moved or removed while the command ran.");
        }
    }

    /// The first time it does, as a whole, unless another program is the first.
    private boolean becomesTheFolder(Path making) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            if (Files.isDirectory(folder)) {
                return false;
            }
            throw e;
        }
    }

    /// Paths of what goes, folders after what is in them.
    private List<String> leftovers(Maker files, Path making) throws IOException {
        List<String> leftovers = new ArrayList<>();
        for (Path old : list(folder)) {
            if (files.isLeftover(old.getFileName().toString())) {
                try (Stream<Path> all = Files.walk(old)) {
                    leftovers.addAll(all.map(path -> folder.relativize(path).toString())
                            .filter(path -> path.indexOf('\n') < 0 && !Files.exists(making.resolve(path)))
                            .toList()
                            .reversed());
                }
            }
        }
        return leftovers;
    }

    private static List<Path> list(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.toList();
        }
    }
}
