package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WrapTest {
    private static final String LONG_PROSE = "  " + "word ".repeat(30).strip() + "\n";

    @Test
    void proseIsBrokenAtSpacesAndIndentedByTwo() {
        assertThat(Wrap.prose(LONG_PROSE)).isEqualTo("  " + "word ".repeat(19).strip() + "\n    " + "word ".repeat(11).strip() + "\n");
    }

    @Test
    void commandIsBrokenBeforeAnOptionSoThatItCanStillBeCopied() {
        String command = "    janklab run" + " --set a.long.key=1".repeat(5) + "\n";

        assertThat(Wrap.prose(command)).isEqualTo("    janklab run" + " --set a.long.key=1".repeat(4) + " \\\n      --set a.long.key=1\n");
    }

    @Test
    void commandAfterAColonStandsBelowIt() {
        String line = "To see it again: janklab run" + " --set a.long.key=1".repeat(5) + "\n";

        assertThat(Wrap.prose(line))
                .isEqualTo("To see it again:\n  janklab run" + " --set a.long.key=1".repeat(4) + " \\\n    --set a.long.key=1\n");
    }

    @Test
    void rowOfATableStaysAsItIs() {
        String row = "name  " + "figure ".repeat(20).strip() + "\n";

        assertThat(Wrap.prose(row)).isEqualTo(row);
    }
}
