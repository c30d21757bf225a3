package io.janklab.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.janklab.workloads.Documents.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;

/// Rules for every package of every module.
final class HouseTest {
    private static final List<Class<? extends Annotation>> IS_TEST = List.of(Test.class, ParameterizedTest.class, RepeatedTest.class);

    private static Stream<Path> packageFolders(String module) throws IOException {
        Path sources = Path.of("..", module, "src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent).distinct().sorted().toList().stream();
        }
    }

    private static Stream<String> namesOfTypes(String module) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length())).toList().stream();
        }
    }

    private static String nameOf(Path folder) {
        String path = folder.toString().replace('\\', '/');
        return path.substring(path.indexOf("src/main/java/") + "src/main/java/".length()).replace('/', '.');
    }

    private static String description(Path folder) {
        try {
            return Files.readString(folder.resolve("package-info.java"));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " has no package-info.java", e);
        }
    }

    /// A line of prose in a document has at most 140 columns, as one of code has (`.ci/checkstyle.xml`). The row of a Markdown table cannot
    /// be broken, and a transcript is what a program printed.
    @Test
    void proseOfDocumentsFitsItsColumns() throws IOException {
        for (Document document : Documents.all()) {
            boolean verbatim = false;
            for (String line : document.text().lines().toList()) {
                verbatim ^= line.strip().startsWith("```");
                if (!verbatim && !line.startsWith("|")) {
                    assertThat(line).as(document.name()).hasSizeLessThanOrEqualTo(140);
                }
            }
        }
    }

    @Test
    void oneNameMeansOneThing() throws IOException {
        Set<String> once = new HashSet<>();
        Set<String> twice = new TreeSet<>();
        for (String module : Documents.MODULES) {
            namesOfTypes(module).filter(name -> !once.add(name)).forEach(twice::add);
        }
        assertThat(twice).isEmpty();
    }

    /// Every test checks something: it calls an assertion, or another method of the tests that does. One that writes what others compare
    /// with, when it is asked to, checks nothing.
    @Test
    void everyTestAsserts() {
        // What tests call is known by name: the classes of libraries need not be read.
        JavaClasses classes = ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter().importPaths(testClasses());
        });
        List<JavaMethod> tests = classes.stream()
                .flatMap(each -> each.getMethods().stream())
                .filter(method -> IS_TEST.stream().anyMatch(method::isAnnotatedWith))
                .filter(method -> !method.isAnnotatedWith(EnabledIfSystemProperty.class)).toList();
        assertThat(tests).isNotEmpty();
        assertThat(tests.stream().filter(test -> !asserts(test, new HashSet<>())).map(JavaMethod::getFullName)).isEmpty();
    }

    private static List<Path> testClasses() {
        return Documents.MODULES.stream().map(module -> Path.of("..", module, "target/test-classes")).filter(Files::isDirectory).toList();
    }

    private static boolean asserts(JavaCodeUnit unit, Set<JavaCodeUnit> seen) {
        return seen.add(unit) && Stream.concat(unit.getCallsFromSelf().stream(), unit.getCodeUnitReferencesFromSelf().stream())
                .map(call -> (CodeUnitAccessTarget) call.getTarget())
                .anyMatch(called -> isAssertion(called) || called.resolveMember().filter(member -> asserts(member, seen)).isPresent());
    }

    /// An assertion of AssertJ, JUnit or the house's own; a rule or a validator, which `check`.
    private static boolean isAssertion(CodeUnitAccessTarget called) {
        return called.getOwner().getName().startsWith("org.assertj.core.api.")
                || called.getName().startsWith("assert") || called.getName().equals("check");
    }

    @Test
    void everyPackageSaysWhatItIsAndDeclaresNull() throws IOException {
        for (String module : Documents.MODULES) {
            packageFolders(module).forEach(folder ->
                    assertThat(description(folder)).as(nameOf(folder)).startsWith("///").contains("\n@NullMarked\n"));
        }
    }
}
