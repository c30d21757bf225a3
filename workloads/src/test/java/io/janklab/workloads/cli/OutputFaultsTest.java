package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.map.MapJournal;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens to the folder that a command writes into, its old result stays or a new one is complete, and the command says which in
/// a sentence.
final class OutputFaultsTest {
    @TempDir
    Path folder;

    private String command;
    private Path out;
    private int exit;
    private String complaint;

    private void write() throws IOException {
        StringWriter stderr = new StringWriter();
        List<String> arguments = EveryCommand.argumentsForFewSeeds(command, folder);
        arguments.addAll(List.of("--quiet", "--out", out.toString()));
        if (Files.exists(out)) {
            // A folder with a journal is not written anew unless that is asked for.
            arguments.add(command.equals("sweep") ? "--resume" : "--force");
        }
        exit = CommandLineRun.execute(new StringWriter(), stderr, arguments.toArray(String[]::new));
        complaint = stderr.toString();
    }

    private void writeWell() throws IOException {
        write();
        assertThat(exit).as(complaint).isZero();
    }

    private void assertRefused() {
        assertThat(complaint.strip().lines()).as(complaint).hasSize(1).allMatch(line -> line.endsWith("."));
        assertThat(exit).as(complaint).isEqualTo(ExitCode.BAD_INPUT);
    }

    /// What is in a folder, by name.
    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> Files.isRegularFile(file) && !file.toString().contains(".making/")).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private static Set<String> with(Set<String> names, String more) {
        Set<String> all = new TreeSet<>(names);
        all.add(more);
        return all;
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quickJobs")
    void diskThatIsFullOrReadOnlyKeepsTheOldResult(String name) throws IOException {
        command = name;
        try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"))) {
            out = disk.root().resolve("out");
            writeWell();
            Map<String, String> old = contents(disk.root());
            long bytes = old.values().stream().mapToLong(String::length).sum();

            disk.fillBut(new SplittableRandom(name.hashCode()).nextLong(bytes));
            write();
            disk.empty();
            assertRefused();
            Map<String, String> left = contents(disk.root());
            // What a map had found is there too, for --resume, if there was room for it.
            assertThat(left).containsAllEntriesOf(old);
            assertThat(left.keySet()).isSubsetOf(with(old.keySet(), "out/" + MapJournal.NAME));

            disk.readOnly(true);
            write();
            disk.readOnly(false);
            assertRefused();
            assertThat(contents(disk.root())).isEqualTo(left);

            writeWell();
            assertThat(contents(disk.root())).containsOnlyKeys(old.keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("io.janklab.workloads.cli.EveryCommand#quickJobs")
    void folderThatGoesMeanwhileIsASentenceOrWholeAgain(String name) throws Exception {
        command = name;
        out = folder.resolve("some/out");
        writeWell();
        Map<String, String> old = contents(out);
        Path elsewhere = folder.resolve("elsewhere");

        whileItIsWritten(() -> Files.move(out, elsewhere));

        if (exit == ExitCode.OK) {
            Path written = Files.exists(out) ? out : elsewhere;
            // If it went while files were moved into it, the next command there completes that.
            Unfinished.settle(written);
            assertThat(contents(written)).containsOnlyKeys(old.keySet());
        } else {
            assertRefused();
            boolean hadBegunToMove = hasUnfinished(elsewhere);
            Unfinished.settle(elsewhere);
            if (hadBegunToMove) {
                assertThat(contents(elsewhere)).containsKeys(old.keySet().toArray(String[]::new));
            } else {
                assertThat(contents(elsewhere)).containsAllEntriesOf(old);
            }
        }
        writeWell();
        assertThat(contents(out)).containsOnlyKeys(old.keySet());
        assertThat(contents(out.getParent())).hasSameSizeAs(old);
    }

    /// As all commands do.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("io.janklab.workloads.cli.EveryCommand#onTheHost")
    void commandThatMeasuresTheHostFindsOutFirstThatNothingCanBeWritten(String name) throws IOException {
        command = name;
        try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"))) {
            out = disk.root().resolve("out");
            Files.writeString(Files.createDirectory(out).resolve("old.json"), "{}");
            Map<String, String> old = contents(disk.root());
            disk.fillBut(0);
            write();
            disk.empty();
            assertThat(complaint).endsWith("cannot be written (No space left on device).\n");
            assertRefused();

            disk.readOnly(true);
            write();
            disk.readOnly(false);
            assertThat(complaint).endsWith("cannot be written (Read-only file system).\n");
            assertRefused();
            assertThat(contents(disk.root())).isEqualTo(old);
        }
    }

    private interface Happening {
        void happens() throws IOException;
    }

    private void whileItIsWritten(Happening happening) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                while (!ended.get() && !isBeingMade()) {
                    Thread.onSpinWait();
                }
                happening.happens();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        write();
        ended.set(true);
        other.join();
    }

    private boolean isBeingMade() throws IOException {
        if (!Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        return hasUnfinished(out);
    }

    private static boolean hasUnfinished(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".making"));
        }
    }
}
