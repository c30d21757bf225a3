package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.cli.common.MarkedText;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MarkedTextTest {
    @TempDir
    private Path folder;

    @Test
    void onlyWhatStandsBetweenTheMarksIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("T.md"), "before\n<!-- validate -->\nold\n<!-- /validate -->\nafter\n");
        MarkedText.replace(file, "validate", "new\n");
        assertThat(file).content().isEqualTo("before\n<!-- validate -->\nnew\n<!-- /validate -->\nafter\n");
    }

    @Test
    void fileWithoutMarksIsLeftAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("T.md"), "before\n");
        assertThatThrownBy(() -> MarkedText.replace(file, "validate", "new\n")).isInstanceOf(BadInput.class)
                .hasMessageContaining("has no part between");
        assertThat(file).content().isEqualTo("before\n");
    }
}
