package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

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

    /// Those that say so by the properties that Maven leaves in a jar.
    @Test
    void librariesInsideOthersAreListedWithTheirVersions() throws IOException {
        List<String> libraries = libraries();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (libraries.stream().anyMatch(line -> jar.endsWith(jarName(line)))) {
                for (String inside : coordinatesIn(jar)) {
                    assertThat(libraries).as(jar.toString()).anyMatch(line -> line.startsWith(inside + " | "));
                }
            }
        }
    }

    private static String jarName(String line) {
        String[] coordinates = line.substring(0, line.indexOf(" | ")).split(":");
        return coordinates[1] + "-" + coordinates[2] + ".jar";
    }

    private static List<String> coordinatesIn(Path jar) throws IOException {
        List<String> found = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry file : Collections.list(zip.entries())) {
                if (file.getName().matches("META-INF/maven/.*/pom\\.properties")) {
                    Properties properties = new Properties();
                    properties.load(zip.getInputStream(file));
                    found.add(String.join(":", properties.getProperty("groupId"), properties.getProperty("artifactId"),
                            properties.getProperty("version")));
                }
            }
        }
        return found;
    }

    /// Both are made from the POMs, by plugins that read licences' names each in its own way. The bill is made after the tests, so it is
    /// that of the last build, where there was one since the build files were changed. (EDL 1.0 is BSD-3-Clause to it.)
    @Test
    void billOfMaterialsNamesTheSameLibrariesUnderTheSameLicences() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        for (String line : libraries()) {
            String[] columns = line.split(" \\| ");
            listed.put(columns[0], Set.of(columns[1].split(" or ")));
        }
        Path bill = Path.of("target/classes/META-INF/sbom/janklab.cdx.json");
        assumeThat(isOfTheseBuildFiles(bill)).as("made by the last build").isTrue();
        for (JsonNode component : new ObjectMapper().readTree(bill).get("components")) {
            String group = component.get("group").asString();
            if (!group.equals("io.janklab")) {
                String name = String.join(":", group, component.get("name").asString(), component.get("version").asString());
                assertThat(component.get("licenses").valueStream().map(each -> each.at("/license/id").asString())).as(name)
                        .containsAnyElementsOf(listed.getOrDefault(name, Set.of("not listed")));
            }
        }
    }

    private static boolean isOfTheseBuildFiles(Path bill) throws IOException {
        for (Path buildFile : List.of(Path.of("pom.xml"), Path.of("../pom.xml"))) {
            if (!Files.exists(bill) || Files.getLastModifiedTime(bill).compareTo(Files.getLastModifiedTime(buildFile)) < 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aLicenceOfEachIsThereInFull() throws IOException {
        for (String line : libraries()) {
            Stream<String> licences = Stream.of(line.split(" \\| ")[1].split(" or "));
            assertThat(licences).as(line).anyMatch(licence -> getClass().getResource("/META-INF/licenses/" + licence + ".txt") != null);
        }
    }
}
