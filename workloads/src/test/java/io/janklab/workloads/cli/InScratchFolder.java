package io.janklab.workloads.cli;

import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Tests of commands that write into a folder of the test's own, and of what they print.
abstract class InScratchFolder {
    @TempDir
    Path folder;

    /// For `--out`; not there yet.
    Path out;

    final StringWriter stdout = new StringWriter();
    final StringWriter stderr = new StringWriter();

    @BeforeEach
    final void chooseFolder() {
        out = folder.resolve("out");
    }

    final int execute(String... arguments) {
        return CommandLineRun.execute(stdout, stderr, arguments);
    }
}
