package io.janklab.workloads.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.PhaseFair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OwnClassTest {
    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static OwnClass<LockPolicy> find(String text) {
        return OwnClass.find(text, LockPolicy.class);
    }

    @Test
    void aJavaFileIsCompiledAndEachOneMadeIsFresh() throws IOException {
        String file = file("Mine.java", """
                package org.example;
                public final class Mine extends io.janklab.kernel.lock.policy.Linux {
                    @Override public long readerSpinNs(int readers) { return new Helper().ns; }
                    static final class Helper { final long ns = 7; }
                }
                """);
        OwnClass<LockPolicy> mine = find(file);
        assertThat(mine.name()).isEqualTo("Mine");
        assertThat(mine.get().readerSpinNs(3)).isEqualTo(7);
        assertThat(mine.get()).isNotSameAs(mine.get());
    }

    @Test
    void aClassOnTheClassPathWillDo() {
        assertThat(find(PhaseFair.class.getName()).get()).isInstanceOf(PhaseFair.class);
    }

    @Test
    void whatDoesNotCompileIsSaidWithItsLine() throws IOException {
        String file = file("Bad.java", "\n\npublic final class Bad extends Nothing {}\n");
        assertThatThrownBy(() -> find(file)).isInstanceOf(BadInput.class).hasMessageStartingWith(file + ":3: cannot find symbol");
    }

    @Test
    void whatIsNoPolicyIsRefused() throws IOException {
        String file = file("Plain.java", "public final class Plain {}\n");
        assertThatThrownBy(() -> find(file)).isInstanceOf(BadInput.class)
                .hasMessageContaining("must implement io.janklab.kernel.lock.policy.LockPolicy");
    }

    @Test
    void aClassThatCannotBeMadeIsRefused() throws IOException {
        String abstractOne = file("Half.java", "public abstract class Half extends io.janklab.kernel.lock.policy.Linux {}\n");
        String needy = file("Needy.java", "public final class Needy extends io.janklab.kernel.lock.policy.Linux { Needy(int n) {} }\n");
        String throwing = file("Throwing.java",
                "public final class Throwing extends io.janklab.kernel.lock.policy.Linux { int x = 1 / Integer.parseInt(\"0\"); }\n");
        assertThatThrownBy(() -> find(abstractOne)).isInstanceOf(BadInput.class).hasMessageContaining("neither abstract nor an inner one");
        assertThatThrownBy(() -> find(needy)).isInstanceOf(BadInput.class).hasMessageContaining("a constructor without parameters");
        assertThatThrownBy(() -> find(throwing)).isInstanceOf(BadInput.class).hasMessageContaining("/ by zero");
    }

    @Test
    void whatIsNotUtf8IsSaidWithItsLine() throws IOException {
        Path file = folder.resolve("Latin.java");
        Files.write(file, "// one\n// \u00e9t\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> find(file.toString())).isInstanceOf(BadInput.class).hasMessage(file + ":2: this is not UTF-8.");
    }

    @Test
    void aFileIsPreferredToAClassOfOursWithTheSameName() throws IOException {
        String file = file("PhaseFair.java", """
                package io.janklab.kernel.lock.policy;
                public final class PhaseFair extends Linux {
                    @Override public long readerSpinNs(int readers) { return 7; }
                }
                """);
        assertThat(find(file).get().readerSpinNs(3)).isEqualTo(7);
    }

    @Test
    void aModuleIsRefused() throws IOException {
        String file = file("module-info.java", "module x {}\n");
        assertThatThrownBy(() -> find(file)).isInstanceOf(BadInput.class).hasMessageContaining("is no class that can be loaded");
    }

    @Test
    void aSecondClassOfTheFileAndImportsWillDo() throws IOException {
        String file = file("Main.java", """
                import io.janklab.kernel.lock.policy.Linux;
                import java.util.stream.LongStream;
                class Helper { static long sum() { return LongStream.of(3, 4).sum(); } }
                public final class Main extends Linux {
                    @Override public long readerSpinNs(int readers) { return Helper.sum(); }
                }
                """);
        assertThat(find(file).get().readerSpinNs(3)).isEqualTo(7);
    }

    @Test
    void aFileBesideItIsCompiledToo() throws IOException {
        Files.createDirectories(folder.resolve("org/example"));
        file("org/example/Helper.java", "package org.example;\nfinal class Helper { static long ns() { return 7; } }\n");
        String inPackage = file("org/example/Mine.java", """
                package org.example;
                public final class Mine extends io.janklab.kernel.lock.policy.Linux {
                    @Override public long readerSpinNs(int readers) { return Helper.ns(); }
                }
                """);
        assertThat(find(inPackage).get().readerSpinNs(3)).isEqualTo(7);
        String broken = file("Broken.java", "final class Broken {\n  int n = \"x\";\n}\n");
        String user = file("User.java", """
                public final class User extends io.janklab.kernel.lock.policy.Linux {
                    @Override public long readerSpinNs(int readers) { return new Broken().n; }
                }
                """);
        assertThatThrownBy(() -> find(user)).isInstanceOf(BadInput.class).hasMessageStartingWith(broken + ":2: incompatible types");
    }

    /// Else the policy would implement a copy of the interface.
    @Test
    void sourcesOfOursBesideItAreNotCompiled() throws IOException {
        Files.createDirectories(folder.resolve("io/janklab/kernel/lock/policy"));
        file("io/janklab/kernel/lock/policy/Linux.java", "package io.janklab.kernel.lock.policy;\npublic class Linux {}\n");
        String file = file("Mine.java", "public final class Mine extends io.janklab.kernel.lock.policy.Linux {}\n");
        assertThat(find(file).get().readersPerWake()).isPositive();
    }

    @Test
    void aConstructorThatDoesNotReturnIsNamedWithItsLine() {
        StackTraceElement own = new StackTraceElement("own", null, null, "Mine", "help", "Mine.java", 7);
        StackTraceElement entry = new StackTraceElement("own", null, null, "Mine", "<init>", "Mine.java", 3);
        StackTraceElement ours = new StackTraceElement("app", null, null, "io.janklab.X", "make", "X.java", 1);
        assertThat(OwnClass.endless(new StackTraceElement[] {own, entry, ours})).contains(
                "Mine.java:7: the constructor has not returned for 5 s");
        assertThat(OwnClass.endless(new StackTraceElement[] {ours})).isEmpty();
    }

    @Test
    void whatThrowsIsTheUsersAlsoWhereTheirCodeCalledTheLibrary() throws IOException {
        String file = file("Touches.java", """
                public final class Touches extends io.janklab.kernel.lock.policy.Linux {
                    @Override public long readerSpinNs(int readers) {
                        return Long.parseLong("x");
                    }
                }
                """);
        LockPolicy policy = find(file).get();
        Throwable thrown = catchThrowable(() -> policy.readerSpinNs(1));
        assertThat(OwnClass.failure(new IllegalStateException(thrown)).orElseThrow())
                .startsWith("Touches.java:3: readerSpinNs throws java.lang.NumberFormatException");
    }

    @Test
    void aFileWithoutTheClassOfItsNameIsRefused() throws IOException {
        String file = file("Named.java", "class Other {}\n");
        assertThatThrownBy(() -> find(file)).isInstanceOf(BadInput.class).hasMessageContaining("it declares no class Named");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThatThrownBy(() -> find("none/Mine.java")).isInstanceOf(BadInput.class).hasMessage("there is no file none/Mine.java.");
        assertThatThrownBy(() -> find("org.example.None")).isInstanceOf(BadInput.class)
                .hasMessageStartingWith("there is no class org.example.None on the class path");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            System.exit(0)                                         | readerSpinNs calls System.exit, which would end janklab
            Runtime.getRuntime().halt(1)                           | readerSpinNs calls Runtime.halt, which would end janklab
            java.util.stream.IntStream.of(1).forEach(System::exit) | readerSpinNs calls System.exit
            ((Runnable) () -> System.exit(2)).run()                | a lambda calls System.exit
            System.out.println(7)                                  | readerSpinNs writes to System.out, which is for janklab's results
            Math.random()                                          | readerSpinNs asks Math.random, which differs from run to run
            new java.util.Random().nextInt()                       | readerSpinNs asks a Random without a seed
            System.nanoTime()                                      | readerSpinNs asks System.nanoTime, which differs from run to run
            java.time.Instant.now()                                | readerSpinNs asks Instant.now
            new Thread().start()                                   | readerSpinNs calls Thread.start: a policy decides in the simulation
            count++                                                | readerSpinNs changes the static field count
            """)
    void whatNoPolicyMayDoIsRefusedWithItsLine(String statement, String said) throws IOException {
        String file = file("Wild.java", """
                public final class Wild extends io.janklab.kernel.lock.policy.Linux {
                    static int count;
                    @Override public long readerSpinNs(int readers) {
                        %s;
                        return 1;
                    }
                }
                """.formatted(statement));
        assertThatThrownBy(() -> find(file)).isInstanceOf(BadInput.class).hasMessageStartingWith(file + ":4: " + said);
    }

    @Test
    void chanceWithASeedAndFieldsOfItsOwnAreAPolicysToUse() throws IOException {
        String file = file("Mild.java", """
                public final class Mild extends io.janklab.kernel.lock.policy.Linux {
                    private static final long FIRST = 3;
                    private final java.util.Random random = new java.util.Random(1);
                    private int asked;
                    @Override public long readerSpinNs(int readers) {
                        asked++;
                        System.err.print("");
                        return FIRST + asked + random.nextInt(1);
                    }
                }
                """);
        assertThat(find(file).get().readerSpinNs(3)).isEqualTo(4);
    }
}
