package io.janklab.workloads.recording.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.SampleRecording;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Recordings that are damaged inside: what is not understood is counted, said, and not believed.
@Execution(ExecutionMode.CONCURRENT)
final class DamagedTest extends ReadEvents {
    private static final int EACH = 50;

    /// What one line in [#EACH] becomes, with the next.
    private interface Harm {
        String to(String line, String next);
    }

    private static Harm harm(String kind) {
        return switch (kind) {
            case "cut off" -> (line, next) -> line.substring(0, line.indexOf(": ") + 8) + "\n" + next;
            case "cut in front" -> (line, next) -> line.substring(40) + "\n" + next;
            case "joined in its head" -> (line, next) -> line.substring(0, 24) + next;
            case "joined in its text" -> (line, next) -> line.substring(0, line.length() - 20) + next;
            case "garbage after it" -> (line, next) -> line + "\n@@ 7%$ ~~~ &&& [x] \n" + next;
            case "a digit more" -> (line, next) -> line.replaceFirst("(\\d+\\.\\d+: )", "7$1") + "\n" + next;
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static String harmed(String text, Harm harm, int each) {
        List<String> lines = text.lines().toList();
        List<String> harmed = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean isHarmed = i % each == each / 2 && i > 2 && i + 1 < lines.size();
            harmed.add(isHarmed ? harm.to(lines.get(i), lines.get(i + 1)) : lines.get(i));
            i += isHarmed ? 1 : 0;
        }
        return String.join("\n", harmed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut off", "cut in front", "joined in its head", "joined in its text", "garbage after it", "a digit more"})
    void partsOfLinesAreCountedAndNotBelieved(String kind) {
        String whole = SampleRecording.text(100);
        read(whole);
        int threads = (int) all(RecordedEvent.Switch.class).stream().map(RecordedEvent.Switch::next).distinct().count();
        long end = all(RecordedEvent.Switch.class).getLast().ns();

        ReadReport report = read(harmed(whole, harm(kind), EACH));

        long lines = whole.lines().count();
        assertThat(report.misunderstood()).isBetween(lines / EACH * 8 / 10, lines / EACH + 1);
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("were not understood, the first at line "));
        assertThat(report.missing()).anyMatch(line -> line.contains("not understood: unknown what they said"));
        assertThat(all(RecordedEvent.Switch.class)).extracting(RecordedEvent.Switch::next).doesNotContain(-1).hasSizeGreaterThan(0);
        assertThat((int) all(RecordedEvent.Switch.class).stream().map(RecordedEvent.Switch::next).distinct().count()).isEqualTo(threads);
        assertThat(all(RecordedEvent.Switch.class)).extracting(RecordedEvent.Switch::ns).allMatch(ns -> ns <= end);
    }

    @Test
    void fromMoreThanTenPercentNothingIsConcluded() {
        String harmed = harmed(SampleRecording.text(20), harm("cut off"), 6);

        assertThatThrownBy(() -> read(harmed)).isInstanceOf(BadInput.class)
                .hasMessageMatching("test is damaged: 1\\d % of its lines, \\d+, are not understood, the first at line \\d+; "
                        + "from more than 10 % nothing is concluded\\.");
    }

    @Test
    void lastLineThatBreaksOffIsNoReasonToRefuse() {
        String text = SampleRecording.text(1);

        assertThat(read(text.substring(0, text.length() - 60)).misunderstood()).isEqualTo(1);
    }

    @Test
    void twoRecordingsInOneFileAreNotTakenForDamage() {
        String text = SampleRecording.text(5);
        ReadReport report = read(text.replace(" 1.", " 100.") + text);

        assertThat(report.misunderstood()).isZero();
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("came later than events that happened after them"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "10 1700000000.000050 munmap(0x7f0000, 40",
        "10 1700000000.000050 munmap(0x7f0000, 4010 1700000000.000060 madvise(0x7f0000, 4096, MADV_FREE) = 0 <0.000001>",
        "10 1700000000.000050 <... munm",
        "10 170000000.000050 munmap(0x7f0000, 4096) = 0 <0.000001>",
        "10 1700000000.000050 %%%"
    })
    void partsOfLinesOfStraceAreCountedToo(String damaged) {
        String line = "10 1700000000.%06d munmap(0x7f0000, 8192) = 0 <0.000012>%n";
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            log.append(line.formatted(i));
        }

        ReadReport report = read(log + damaged + "\n" + line.formatted(90));

        assertThat(report.misunderstood()).isEqualTo(1);
        assertThat(report.missing()).anyMatch(missing -> missing.startsWith("1 line (2 %) not understood"));
        assertThat(all(RecordedEvent.CallEnter.class)).hasSize(41).extracting(RecordedEvent.CallEnter::call).containsOnly("munmap");
    }

    @Test
    void aLineInAStringOfStraceIsNoSecondLine() {
        ReadReport report = read("""
                10 1700000000.000001 write(1, "10 1700000000.000060 madvise(0x7f0000, 4", 40) = 40 <0.000012>
                10 1700000000.000101 exit_group(0) = ?
                10 1700000000.000111 futex(0x7f, FUTEX_WAIT, 0, NULL <detached ...>
                """);

        assertThat(report.misunderstood()).isZero();
    }
}
