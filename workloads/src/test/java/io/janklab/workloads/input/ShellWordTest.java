package io.janklab.workloads.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    @Test
    void onlyWhatAShellWouldReadDiffersIsQuoted() {
        assertThat(ShellWord.of("cost.tlbi=2.5")).isEqualTo("cost.tlbi=2.5");
        assertThat(ShellWord.of("it's")).isEqualTo("'it'\\''s'");
        assertThat(ShellWord.of("")).isEqualTo("''");
        assertThat(ShellWord.of("\u001b[1m'\\é\u202e\uD83D\uDE00")).isEqualTo("$'\\x1b[1m\\'\\\\é\\u202e\uD83D\uDE00'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31mred", "a\nb\t'\\", "\u202ex", "$(exit 3)`!*", "\u001fa", "\uDB40\uDC01b", "-n", "*"})
    void bashReadsTheTextBack(String text) throws IOException {
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", "printf %s " + ShellWord.of(text));
        bash.environment().put("LC_ALL", "C.UTF-8");
        Process process = bash.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
    }
}
