package io.janklab.dashboards.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnfinishedTest {
    private static final int FILES = 40;

    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void makeTheFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("out"));
    }

    /// A program of its own that replaces all files of a folder again and again, by others with its name in them.
    static final class Writer {
        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            for (int round = 0;; round++) {
                replace(folder, args[1] + round);
            }
        }
    }

    private static void replace(Path folder, String contents) throws IOException {
        try (Unfinished made = Unfinished.within(folder)) {
            for (int file = 0; file < FILES; file++) {
                Files.writeString(made.contents().resolve("f" + file), contents);
            }
            made.finish(() -> made.moveInto(folder, List.of()));
        }
    }

    private static Process start(Path folder, String name) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Writer.class.getName(), folder.toString(), name)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
    }

    private Set<String> contents() throws IOException {
        Set<String> found = new TreeSet<>();
        for (int file = 0; file < FILES; file++) {
            found.add(Files.readString(folder.resolve("f" + file)));
        }
        return found;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// Two at once, killed while they move files, time and again.
    @Test
    void afterAnyKillTheFolderIsOneResultInWhole() throws Exception {
        replace(folder, "old");
        for (int kill = 0; kill < 2; kill++) {
            List<Process> writers = List.of(start(folder, "a"), start(folder, "b"));
            try {
                Set<String> before = contents();
                while (contents().equals(before) && writers.getFirst().isAlive()) {
                    Thread.onSpinWait();
                }
                for (int reading = 0; reading < 5; reading++) {
                    assertThatOneResultIsThere("while both write");
                }
            } finally {
                for (Process writer : writers) {
                    writer.destroyForcibly();
                }
            }
            for (Process writer : writers) {
                assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            Unfinished.settle(folder);
            assertThat(contents()).as("after kill -9").hasSize(1);
            // One whose lock was never taken may be about to get it: it is left for a minute.
            assertThat(names(folder).stream().filter(name -> !name.endsWith(".making") || !isEmpty(folder.resolve(name, "lock"))))
                    .hasSize(FILES);
        }
        assertThat(names(parent)).containsExactly("out");
    }

    private static boolean isEmpty(Path file) {
        return file.toFile().length() == 0;
    }

    /// The other program has made the folder and its lock file, and has lost its core.
    @Test
    void folderWhoseLockIsAboutToBeTakenIsLeftAlone() throws IOException {
        Path other = Files.createDirectory(folder.resolve(".out.0123456789abcdef.making"));
        Files.createFile(other.resolve("lock"));
        Unfinished.settle(folder);
        assertThat(other).exists();

        Files.setLastModifiedTime(other, FileTime.from(Instant.now().minusSeconds(120)));
        Unfinished.settle(folder);
        assertThat(folder).isEmptyDirectory();
    }

    /// At a turn of our own.
    private void assertThatOneResultIsThere(String when) throws IOException {
        try (Unfinished ours = Unfinished.within(folder)) {
            Turn turn = new Turn(folder, ours.contents().getParent());
            turn.take(scratch -> {}, () -> false);
            assertThat(contents()).as(when).hasSize(1);
            turn.end();
        }
    }

    private Path killedWhileMoving(Path in, String... plan) throws IOException {
        Path scratch = Files.createDirectory(in.resolve(".out.0123456789abcdef.making"));
        Files.writeString(scratch.resolve("lock"), "1");
        Files.createDirectory(scratch.resolve("contents"));
        Files.writeString(scratch.resolve("contents/second"), "new");
        if (plan.length > 0) {
            Files.write(scratch.resolve("plan"), List.of(plan));
        }
        return scratch;
    }

    @Test
    void readerCompletesTheMoveOfAProgramThatWasKilled() throws IOException {
        Files.writeString(folder.resolve("first"), "new");
        Files.writeString(folder.resolve("second"), "old");
        Files.createDirectories(folder.resolve("control/kept"));
        Files.writeString(folder.resolve("control/report"), "old");
        killedWhileMoving(folder, ".", "control/report", "control");

        Unfinished.settle(folder);

        assertThat(folder.resolve("second")).hasContent("new");
        assertThat(names(folder)).containsExactly("control", "first", "second");
        assertThat(names(folder.resolve("control"))).as("what another put there").containsExactly("kept");
    }

    @Test
    void moveFromBesideTheFolderIsCompletedAsWell() throws IOException {
        killedWhileMoving(parent, "out");
        Unfinished.settle(folder);
        assertThat(folder.resolve("second")).hasContent("new");
        assertThat(names(parent)).containsExactly("out");
    }

    @Test
    void nextWriterCompletesTheMoveBeforeItsOwn() throws IOException {
        killedWhileMoving(folder, ".");
        replace(folder, "newest");
        assertThat(folder.resolve("second")).hasContent("new");
        assertThat(contents()).containsExactly("newest");
    }

    @Test
    void whatWasNotYetWholeGoes() throws IOException {
        killedWhileMoving(folder);
        Unfinished.settle(folder);
        assertThat(folder).isEmptyDirectory();
    }

    /// No program of ours has written that.
    @Test
    void planThatLeadsElsewhereIsNotFollowed() throws IOException {
        Path precious = Files.writeString(parent.resolve("precious"), "mine");
        for (String line : List.of("../precious", precious.toString(), "a/../../precious")) {
            killedWhileMoving(folder, ".", line);
            Unfinished.settle(folder);
            assertThat(precious).hasContent("mine");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void folderInTheWayOfAFileLeavesAllAsItWas() throws IOException {
        Files.createDirectories(folder.resolve("f1/of-the-user"));
        assertThatThrownBy(() -> replace(folder, "new")).isInstanceOf(IOException.class).hasMessageContaining("f1 there is a folder");
        assertThat(names(folder)).containsExactly("f1");
    }

    @Test
    void linkOfAMoverIsNoResult() throws IOException {
        assertThat(Unfinished.isOne(folder.resolve(Turn.NAME))).isTrue();
    }

    @Test
    void linkToAScratchFolderThatSomebodyDeletedHoldsNobodyUp() throws IOException {
        Files.createSymbolicLink(folder.resolve(Turn.NAME), Path.of(".out.0123456789abcdef.making"));
        replace(folder, "new");
        assertThat(names(folder)).hasSize(FILES);
    }
}
