package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The jar lists the third-party libraries it contains, with their licences; the build makes the list (license-maven-plugin).
final class BundledLibrariesTest {
    private static List<String> libraries() throws IOException {
        try (InputStream list = BundledLibrariesTest.class.getResourceAsStream("/META-INF/THIRD-PARTY.txt")) {
            assumeThat(list != null || Boolean.getBoolean("janklab.maven")).as("made by Maven, not by an editor's compiler").isTrue();
            assertThat(list).as("made by license-maven-plugin").isNotNull();
            return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> line.contains(" | ")).toList();
        }
    }

    @Test
    void listNamesEachWithItsVersion() throws IOException {
        assertThat(libraries()).allMatch(line -> line.matches("[\\w.-]+:[\\w.-]+:[\\w.-]+ \\| .+ \\| .*"));
        assertThat(libraries()).anyMatch(line -> line.startsWith("info.picocli:picocli:"))
                .anyMatch(line -> line.startsWith("leeoniya:uPlot:"));
        assertThat(libraries()).noneMatch(line -> line.contains("junit") || line.contains("io.janklab"));
    }

    @Test
    void aLicenceOfEachIsThereInFull() throws IOException {
        for (String line : libraries()) {
            Stream<String> licences = Stream.of(line.split(" \\| ")[1].split(" or "));
            assertThat(licences).as(line).anyMatch(licence -> getClass().getResource("/META-INF/licenses/" + licence + ".txt") != null);
        }
    }
}
