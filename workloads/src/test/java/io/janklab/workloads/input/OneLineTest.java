package io.janklab.workloads.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OneLineTest {
    private static final String ESC = Character.toString(0x1b);
    private static final String RIGHT_TO_LEFT = Character.toString(0x202e);

    @Test
    void whatIsNotSeenAsItselfIsEscaped() {
        assertThat(OneLine.of("a\nb\tc\r")).isEqualTo("a\\nb\\tc\\r");
        assertThat(OneLine.of(ESC + "[31mred")).isEqualTo("\\x{1b}[31mred");
        assertThat(OneLine.of("gnp" + RIGHT_TO_LEFT + "exe")).isEqualTo("gnp\\x{202e}exe");
        assertThat(OneLine.of(Character.toString(0x2028) + Character.toString(0xd800))).isEqualTo("\\x{2028}\\x{d800}");
        assertThat(OneLine.of("größer 4 °C 手机 …")).isEqualTo("größer 4 °C 手机 …");
    }

    @Test
    void longNameKeepsItsBeginningAndItsEnd() {
        assertThat(OneLine.of("/" + "x".repeat(500) + "/y.yaml")).hasSize(OneLine.LONGEST).startsWith("/xxx").contains("…")
                .endsWith("x/y.yaml");
    }

    @Test
    void sentenceStaysWholeButForWhatItQuotes() {
        String sentence = "there is no device '" + "a b ".repeat(100) + "'; there is pixel-6, budget-4gb, " + "or give a file. ".repeat(8);

        assertThat(OneLine.sentence(sentence)).hasSizeLessThan(300).startsWith("there is no device 'a b a b ").contains("…")
                .contains("; there is pixel-6");
        assertThat(OneLine.sentence("x".repeat(10_000))).hasSize(OneLine.LONGEST);
        assertThat(OneLine.sentence("x ".repeat(10_000))).hasSizeLessThanOrEqualTo(1_000);
    }

    @Test
    void badInputIsOneLineWhateverItQuotes() {
        assertThat(new BadInput("there is no 'a\n" + ESC + "[2Jb'.")).hasMessage("there is no 'a\\n\\x{1b}[2Jb'.");
    }
}
