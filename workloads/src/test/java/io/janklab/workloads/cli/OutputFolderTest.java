package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFolderTest {
    @TempDir
    Path parent;

    /// A program of its own that is slow to write two files, and says when it has begun.
    static final class SlowWriter {
        public static void main(String[] args) {
            Path out = Path.of(args[0]);
            new Unfinished.LastAct(() -> write(out.resolveSibling("last")));
            new OutputFolder(out).write(making -> {
                Files.writeString(making.resolve("first"), "1");
                System.out.println("begun");
                pause();
                Files.writeString(making.resolve("second"), "2");
            });
            new OutputFolder(Path.of(args[0] + "-later")).write(making -> pause());
        }

        private static void write(Path last) {
            try {
                AtomicFile.write(last, file -> file.write('3'));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void pause() {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void programToldToEndWhileItMakesFilesEndsAtOnceAndLeavesWhatItsLastActMakes() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process program = new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), SlowWriter.class.getName(), parent.resolve("out").toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(program.inputReader().readLine()).isEqualTo("begun");

            program.toHandle().destroy();

            assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(program.inputReader().readLine()).as("a sentence about files that went").isNull();
        } finally {
            program.destroyForcibly();
        }
        assertThat(names(parent)).containsExactly("last");
    }

    @Test
    void failedWritingLeavesTheOldFilesAndNothingBeside() throws IOException {
        OutputFolder folder = new OutputFolder(parent.resolve("out"));
        folder.write(making -> Files.writeString(making.resolve("first"), "old"));

        assertThatThrownBy(() -> folder.write(making -> {
                    Files.writeString(making.resolve("first"), "new");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("No space left on device");
        assertThat(parent.resolve("out/first")).hasContent("old");
        assertThat(names(parent)).containsExactly("out");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
