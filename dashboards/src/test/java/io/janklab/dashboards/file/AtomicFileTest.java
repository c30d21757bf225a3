package io.janklab.dashboards.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    void fileAppearsWholeInAFolderThatNeedNotExist() throws IOException {
        Path target = folder.resolve("new/result.txt");

        AtomicFile.write(target, out -> out.write("whole".getBytes(StandardCharsets.UTF_8)));

        assertThat(target).hasContent("whole");
    }

    @Test
    void failureHalfwayLeavesTheOldFileAndNothingElse() throws IOException {
        Path target = Files.writeString(folder.resolve("result.txt"), "old");

        assertThatThrownBy(() -> AtomicFile.write(target, out -> {
                    out.write('x');
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");

        assertThat(target).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }
}
