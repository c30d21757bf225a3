package io.janklab.dashboards.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TextTableTest {
    @Test
    void columnsLineUpToTheirSide() {
        TextTable table = new TextTable("lrl");
        table.row("name", "ms", "why");
        table.row("a", "1.25", "");
        table.row("longer name", "-10.00", "text");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), "> ");

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("> name             ms  why", "> a              1.25", "> longer name  -10.00  text");
    }
}
