package io.janklab.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.Documents.Document;
import io.janklab.workloads.cli.CommandLineRun;
import io.janklab.workloads.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What documents name is there: files, headings, classes, tests, keys, switches, rules, metrics, options, properties and profiles.
final class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|interface|enum|record) (\\w+)");
    private static final Pattern TYPE = Pattern.compile("(?<![\\w.$@+=-])[A-Z][a-z0-9]+[A-Z]\\w*");
    private static final Pattern DOTTED = Pattern.compile("(?<![\\w./(-])[a-z][\\w-]*(?:\\.[a-zA-Z][\\w-]*)+(?![\\w(/])");
    private static final Pattern OPTION = Pattern.compile("--[a-z][\\w-]*");
    private static final Pattern PROPERTY = Pattern.compile("-D(janklab\\.[\\w.]+)");
    private static final Pattern PROFILE = Pattern.compile("mvn [^`\n]*?-P(\\w+)");
    private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)");

    /// Types of Java's, Netty's and Android's, slices of Android's traces, and a unit.
    private static final Set<String> OTHERS = Set.of("AndroidNormalConfig", "ByteBufAllocatorMetricProvider", "ByteBufUtil",
            "CompactionPhase", "CompositeByteBuf", "DrawFrame", "DrawFrames", "FastThreadLocalThread", "FullSuspendCheck", "HashSet",
            "MiB", "NettyAllocatorMetrics", "PooledByteBuf");

    /// Options of java, javac, spark-submit and Prometheus.
    private static final Set<String> OPTIONS_OF_OTHERS = Set.of("--add-exports", "--driver-memory", "--packages", "--storage");

    /// Paths in result.json.
    private static final Set<String> PATHS = Set.of("inversion.chains", "inversion.splitNs", "madvise.fallbacks");

    /// Ends of the names of files.
    private static final Set<String> FILES = Set.of("c", "cc", "h", "csv", "dat", "data", "html", "json", "jsonl", "litmus", "md",
            "options", "pl", "py", "txt", "yaml", "yml", "zip");

    private static Set<String> found(Function<Document, Stream<String>> names) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Document each : Documents.all()) {
            names.apply(each).forEach(name -> found.add(each.name() + ": " + name));
        }
        return found;
    }

    private static Stream<String> inSpans(Document document, Pattern pattern) {
        return document.spans().stream().flatMap(span -> pattern.matcher(span).results().map(MatchResult::group));
    }

    private static Stream<String> links(Document document) {
        return LINK.matcher(document.prose()).results().map(link -> link.group(1).replaceAll("\\s+", ""))
                .filter(link -> !link.startsWith("http"));
    }

    @Test
    void everyLinkedFileIsThere() throws IOException {
        assertThat(found(document -> links(document).filter(link -> !Files.exists(target(document, link))))).isEmpty();
    }

    @Test
    void everyLinkedHeadingIsThere() throws IOException {
        assertThat(found(document -> links(document).filter(link -> link.contains("#"))
                .filter(link -> !headings(target(document, link)).contains(link.substring(link.indexOf('#') + 1))))).isEmpty();
    }

    private static Path target(Document document, String link) {
        String path = link.replaceFirst("#.*", "");
        return path.isEmpty() ? document.file() : document.file().resolveSibling(path);
    }

    /// As GitHub makes anchors of them.
    private static Set<String> headings(Path file) {
        try {
            return HEADING.matcher(Files.readString(file)).results()
                    .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of();
        }
    }

    private static Set<String> types() throws IOException {
        Set<String> types = new HashSet<>();
        for (Path source : Documents.sources()) {
            DECLARED.matcher(Files.readString(source)).results().forEach(found -> types.add(found.group(1)));
        }
        return types;
    }

    @Test
    void everyClassThatIsNamedIsThere() throws IOException {
        Set<String> types = types();
        // An example in a document declares its own.
        for (Document each : Documents.all()) {
            each.codeLines().forEach(line -> DECLARED.matcher(line).results().forEach(found -> types.add(found.group(1))));
        }
        types.addAll(OTHERS);
        assertThat(found(document -> inSpans(document, TYPE).filter(name -> !types.contains(name)))).isEmpty();
    }

    @Test
    void everyTestOfACommandIsThere() throws IOException {
        Set<String> types = types();
        assertThat(found(document -> TEST.matcher(document.text()).results().map(test -> test.group(1))
                .filter(test -> !types.contains(test)))).isEmpty();
    }

    /// All names with dots that users give and read: keys of scenarios, among them costs, switches and rules, and metrics.
    private static Set<String> dottedNames() {
        Set<String> names = new HashSet<>(Scenario.keys());
        for (String key : Scenario.keys()) {
            names.add(key.replaceFirst("^cost\\.", ""));
        }
        Stream.of(Switch.values()).map(Switch::key).forEach(names::add);
        Stream.of(Cost.values()).map(Cost::key).forEach(names::add);
        names.addAll(PATHS);
        for (String scenario : Scenario.CATALOGUE.names()) {
            names.addAll(PairedComparison.names(Scenario.find(scenario, Map.of()).measured()));
        }
        return names;
    }

    private static Set<String> groups(Set<String> names) {
        Set<String> groups = new HashSet<>();
        for (String name : names) {
            for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
                groups.add(name.substring(0, dot));
            }
        }
        return groups;
    }

    /// Meters, keys of devices and of jemalloc's mallctl(), and packages stand in the code as they are.
    @Test
    void everyKeyIsThere() throws IOException {
        Set<String> names = dottedNames();
        String code = code();
        Set<String> groups = groups(names);
        assertThat(found(document -> inSpans(document, DOTTED)
                .filter(name -> !name.startsWith("io.janklab.") && groups.contains(name.substring(0, name.indexOf('.'))))
                .filter(name -> !FILES.contains(name.substring(name.lastIndexOf('.') + 1)))
                .filter(name -> !names.contains(name) && !groups.contains(name))
                .filter(name -> !code.contains('"' + name + '"') && !code.contains("package io.janklab." + name + ";")))).isEmpty();
    }

    /// A span that begins with it is an option of ours.
    @Test
    void everyOptionIsThere() throws IOException {
        Set<String> options = CommandLineRun.options();
        options.addAll(OPTIONS_OF_OTHERS);
        assertThat(found(document -> document.spans().stream().filter(span -> span.startsWith("--"))
                .flatMap(span -> OPTION.matcher(span).results().map(MatchResult::group))
                .filter(option -> !options.contains(option)))).isEmpty();
    }

    @Test
    void everyPropertyIsRead() throws IOException {
        String code = code();
        assertThat(found(document -> PROPERTY.matcher(document.text()).results().map(found -> found.group(1))
                .filter(name -> !code.contains('"' + name + '"') && !isNettys(name, code)))).isEmpty();
    }

    private static String code() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path source : Documents.sources()) {
            all.append(Files.readString(source));
        }
        return all.toString();
    }

    private static boolean isNettys(String name, String code) {
        return name.startsWith("janklab.netty.") && code.contains('"' + name.substring("janklab.netty.".length()) + '"');
    }

    @Test
    void everyProfileIsThere() throws IOException {
        String poms = Files.readString(Path.of("../pom.xml")) + Files.readString(Path.of("pom.xml"));
        assertThat(found(document -> PROFILE.matcher(document.text()).results().map(found -> found.group(1))
                .filter(profile -> !poms.contains("<id>" + profile + "</id>")))).isEmpty();
    }
}
