package io.janklab.workloads.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The AOSP traces, kept beside the checkout and not in it.
public final class SharedTraces {
    private SharedTraces() {}

    /// The trace of that name; the test that asks is skipped where it is absent.
    public static Path find(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path trace = folder.resolve("shared/traces").resolve(name + ".zip");
            if (Files.isRegularFile(trace)) {
                return trace;
            }
        }
        Assumptions.abort("The AOSP trace " + name + ".zip is not in ../shared/traces, so this test is skipped.");
        throw new AssertionError();
    }
}
