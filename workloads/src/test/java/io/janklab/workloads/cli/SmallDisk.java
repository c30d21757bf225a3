package io.janklab.workloads.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system of a few MiB in memory, which can be full or read-only. Mounting it takes root's rights.
final class SmallDisk implements AutoCloseable {
    private static final int MIB = 16;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /// Skips the test where it cannot be mounted.
    static SmallDisk at(Path folder) throws IOException {
        Files.createDirectories(folder);
        assumeTrue(isDone("mount", "-t", "tmpfs", "-o", "size=" + MIB + "m", "tmpfs", folder.toString()), "no tmpfs can be mounted here");
        return new SmallDisk(folder);
    }

    private static boolean isDone(String... command) {
        try {
            ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
            return program.start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Path root() {
        return root;
    }

    /// Leaves no more than `bytes` of room.
    void fillBut(long bytes) throws IOException {
        long usable = Files.getFileStore(root).getUsableSpace();
        try {
            Files.write(filler(), new byte[(int) Math.max(0, usable - bytes)]);
        } catch (IOException e) {
            // Full.
        }
    }

    void empty() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return root.resolve("filler");
    }

    void readOnly(boolean readOnly) {
        assumeTrue(isDone("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), root.toString()), "a tmpfs cannot be mounted anew here");
    }

    @Override
    public void close() {
        isDone("umount", "-l", root.toString());
    }
}
