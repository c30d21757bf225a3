package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The completion script in a shell.
final class CompletionCommandTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    Path folder;

    /// What bash would offer after these words.
    private List<String> offered(String... words) throws IOException {
        assumeTrue(Files.isExecutable(BASH), "There is no /bin/bash to complete in.");
        Path script = Files.writeString(folder.resolve("completion.sh"), CommandLineRun.ok("completion"));
        String line = "'janklab' '" + String.join("' '", words) + "'";
        String completing = "source '" + script + "'; COMP_WORDS=(" + line + "); COMP_CWORD=" + words.length
                + "; _complete_janklab; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder(BASH.toString(), "--norc", "-c", completing)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip).toList();
    }

    @Test
    void everyOptionOffersItsOwnValues() throws IOException {
        assertThat(offered("run", "--device", "")).contains("pixel-6").doesNotContain("scroll");
        assertThat(offered("run", "--scenario", "gc-")).containsExactly("gc-storm", "gc-long");
        assertThat(offered("compare", "--kernels", "android14")).containsExactly("android14-6.1");
        assertThat(offered("run", "--pace", "")).containsExactly("1x", "10x", "max");
    }

    @Test
    void showOffersWhatItShows() throws IOException {
        assertThat(offered("show", "ke")).containsExactly("kernel");
        assertThat(offered("show", "kernel", "android16")).containsExactly("android16-6.12");
        assertThat(offered("show", "device", "pixel-")).contains("pixel-6").doesNotContain("scroll");
        assertThat(offered("show", "scenario", "gc-")).containsExactly("gc-storm", "gc-long");
        assertThat(offered("show", "litmus", "")).isNotEmpty().doesNotContain("kernel");
    }

    @Test
    void theSecondValueOfAListIsOfferedToo() throws IOException {
        assertThat(offered("compare", "--kernels", "6.1,6.1")).contains("6.1,6.12", "6.1,6.17").allMatch(each -> each.startsWith("6.1,"));
        assertThat(offered("sweep", "--scenarios", "scroll,gc-")).containsExactly("scroll,gc-storm", "scroll,gc-long");
    }

    /// Bash makes words of `=` and of what stands on its two sides.
    @Test
    void keysAndValuesOfASideAreOffered() throws IOException {
        assertThat(offered("compare", "--a", "ker")).containsExactly("kernel=");
        assertThat(offered("compare", "--a", "kernel", "=", "android14")).containsExactly("android14-6.1");
        assertThat(offered("compare", "--b", "kernel", "=", "")).contains("6.1", "6.17");
        assertThat(offered("compare", "--b", "kernel", "=", "6.12,fault.vma-l")).containsExactly("6.12,fault.vma-lock=");
        assertThat(offered("compare", "--b", "kernel", "=", "6.12,fault.vma-lock", "=", "a")).containsExactly("anon", "all");
        assertThat(offered("run", "--set", "fault.vma-lock", "=", "o")).containsExactly("off");
        assertThat(offered("compare", "--a", "nativeHeap.decay")).contains("nativeHeap.decayMs=");
    }
}
