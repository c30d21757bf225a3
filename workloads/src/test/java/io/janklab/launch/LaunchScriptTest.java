package io.janklab.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/janklab`, in a distribution whose `java` only says how it is called.
final class LaunchScriptTest {
    private static final String JAVA = """
            #!/bin/sh
            for argument in "$@"; do
                case $argument in
                    -XX:AOTCacheOutput=*) : > "${argument#*=}"; exit ;;
                esac
            done
            echo "java $*"
            """;

    @TempDir
    Path folder;

    private Path jar;
    private Path script;

    @BeforeEach
    void layOut() throws IOException {
        script = Files.createDirectories(folder.resolve("bin")).resolve("janklab");
        Files.copy(Path.of("bin/janklab"), script);
        Files.copy(Path.of("bin/jvm.options"), script.resolveSibling("jvm.options"));
        jar = Files.createFile(Files.createDirectories(folder.resolve("target")).resolve("janklab.jar"));
        jdk("25.0.3");
    }

    private void jdk(String version) throws IOException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private String run(int expectedExit, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString(), "list", "a word").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed).isEqualTo(expectedExit);
        return printed;
    }

    private boolean hasCache() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("target"))) {
            return files.anyMatch(file -> file.getFileName().toString().contains(".aot"));
        }
    }

    @Test
    void firstCallMakesTheCacheThatItAndTheNextUse() throws Exception {
        for (int call = 0; call < 2; call++) {
            assertThat(run(0, Map.of())).contains("-XX:AOTCache=").contains("-jar ").endsWith("list a word\n").hasLineCount(1);
        }
        assertThat(hasCache()).isTrue();
    }

    @Test
    void withoutATemporaryFolderItRunsWithoutACache() throws Exception {
        assertThat(run(0, Map.of("TMPDIR", folder.resolve("nowhere").toString()))).doesNotContain("AOTCache").endsWith("list a word\n");
        assertThat(hasCache()).isFalse();
    }

    @Test
    void whatIsMissingIsNamedInOneLine() throws Exception {
        jdk("17.0.9");
        assertThat(run(2, Map.of())).contains("is JDK 17, and JDK 25 is needed").hasLineCount(1);
        jdk("25.0.3");
        Files.delete(jar);
        assertThat(run(2, Map.of())).contains("janklab.jar is not there").hasLineCount(1);
        assertThat(run(2, Map.of("JAVA_HOME", folder.resolve("none").toString()))).contains("there is no ").hasLineCount(1);
    }
}
