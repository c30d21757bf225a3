package io.janklab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LauncherTest {
    private static final int JAVA_8_CLASS_FILE = 52;

    @ParameterizedTest
    @CsvSource({
        "1.8.0_402, false", "17.0.15, false", "25, false", "25.0.2, false", "25.0.3, true", "25.0.3.1, true", "25.1, true", "26-ea, true"
    })
    void versionIsEnoughFrom2503On(String version, boolean enough) {
        assertThat(Launcher.isEnough(version)).isEqualTo(enough);
    }

    @Test
    void launcherStartsOnJava8() throws IOException {
        try (DataInputStream in = new DataInputStream(Launcher.class.getResourceAsStream("Launcher.class"))) {
            in.readInt();
            in.readUnsignedShort();
            assertThat(in.readUnsignedShort()).isEqualTo(JAVA_8_CLASS_FILE);
        }
    }
}
