package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.Documents;
import io.janklab.workloads.Documents.Document;
import io.janklab.workloads.recording.SampleRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Every command in the documents is one: its options, and the kernels, scenarios, keys and litmuses that it names, are there.
///
/// A command that would write files judges its question, then its folder, and only then runs; here the folder is a file, and that must be
/// all that it complains of.
final class DocumentedCommandsTest {
    private static final String NAME = "janklab";
    private static final Pattern IN_CODE = Pattern.compile("^ *janklab (.*)$");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");
    /// A command, or an option of one, that is spoken of.
    private static final Pattern MENTION = Pattern.compile("\\w+( --[\\w-]+)?");
    /// What a document prints of a litmus or a class of one's own.
    private static final Pattern SOURCE = Pattern.compile("(?m)^litmus (\\S+)$|^public final class (\\w+) (?:extends|implements) ");
    private static final Set<String> WITHOUT_FOLDER = Set.of("list", "show", "completion", "--help", "--list");
    /// What these do they do to this host, for ever, or with files of an earlier run: they are parsed.
    private static final Set<String> ONLY_PARSED =
            Set.of("serve", "record", "conform", "calibrate", "validate", "merge", "diff", "--resume", "--for-android");

    /// What stands for something of the reader's.
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("--scenario FILE", "scroll"), Map.entry("--recording FILE", "t.pftrace"), Map.entry("--program FILE", "give-back"),
            Map.entry("FILE", "t.txt"), Map.entry("COMMAND", "run"), Map.entry("D", "pixel-6"), Map.entry("K", "6.17"),
            Map.entry("LITMUS", "fault-dontneed"), Map.entry("OPTIONS", "dirty_decay_ms:0"), Map.entry("S", "scroll"),
            Map.entry("i/n", "0/2"), Map.entry("P", "inherit"),
            Map.entry("systemui.zip", "t.txt"), Map.entry("surfaceflinger.zip", "t.txt"), Map.entry("app.pftrace", "t.pftrace"),
            Map.entry("x.litmus", "mremap-move.litmus"), Map.entry("MyPolicy.java", "NoStealing.java"),
            Map.entry("org.example.NoStealing", "NoStealing.java"));
    private static final Pattern NAMED = Pattern.compile("[^+=,]+");

    @TempDir
    private static Path folder;

    /// The files that the commands name: litmuses and classes are those that the documents print.
    @BeforeAll
    static void writeFiles() throws IOException {
        Files.writeString(folder.resolve("t.pftrace"), SampleRecording.text(3));
        Files.writeString(folder.resolve("t.txt"), "1: malloc 0x10 100\n1: free 0x10\n");
        for (Document each : Documents.all()) {
            for (String block : each.blocks()) {
                Matcher source = SOURCE.matcher(block);
                if (source.find()) {
                    String name = source.group(1) == null ? source.group(2) + ".java" : source.group(1) + ".litmus";
                    Files.writeString(folder.resolve(name), block.replaceFirst("(?ms)^janklab .*", ""));
                }
            }
        }
    }

    static Stream<String> commands() throws IOException {
        Set<String> commands = new LinkedHashSet<>();
        for (Document each : Documents.all()) {
            Stream.concat(each.spans().stream().filter(span -> span.startsWith(NAME + " ")).map(span -> span.substring(NAME.length() + 1)),
                            each.codeLines().stream().flatMap(line -> IN_CODE.matcher(line).results()).map(found -> found.group(1)))
                    .map(command -> command.replaceFirst(" +(#|>>|>|;|&&|\\|) .*", "").strip())
                    .filter(command -> !command.contains("·") && !command.endsWith("…"))
                    .forEach(command -> commands.add(each.name() + ": " + command));
        }
        return commands.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void isOne(String place) {
        String command = place.substring(place.indexOf(": ") + 2);
        String[] words = words(command);
        if (MENTION.matcher(command).matches()) {
            CommandLine mentioned = Main.commandLine().getSubcommands().get(words[0]);
            assertThat(mentioned).isNotNull();
            assertThat(Stream.of(words).skip(1)).allMatch(mentioned.getCommandSpec().optionsMap()::containsKey);
        } else if (Stream.of(words).anyMatch(ONLY_PARSED::contains)) {
            assertThat(Main.commandLine().parseArgs(words).hasSubcommand()).isTrue();
        } else if (Stream.of(words).anyMatch(WITHOUT_FOLDER::contains)) {
            assertThat(CommandLineRun.ok(words)).isNotBlank();
        } else {
            assertThat(CommandLineRun.bad(intoAFile(words))).contains("--out ", " is a file, not a folder.");
        }
    }

    private static String[] intoAFile(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        int out = all.indexOf("--out");
        if (out >= 0) {
            all.subList(out, out + 2).clear();
        }
        all.addAll(List.of("--out", folder.resolve("t.txt").toString()));
        return all.toArray(String[]::new);
    }

    private static String[] words(String command) {
        List<String> words = WORD.matcher(command).results()
                .map(found -> found.group().replaceAll("^[\"']|[\"']$", "")).toList();
        return IntStream.range(0, words.size()).mapToObj(i -> meant(i == 0 ? "" : words.get(i - 1), words.get(i))).toArray(String[]::new);
    }

    /// The word with what is there in place of what it names.
    private static String meant(String before, String word) {
        String meant = MEANT.getOrDefault(before + " " + word, word);
        return NAMED.matcher(meant).replaceAll(found -> Matcher.quoteReplacement(there(MEANT.getOrDefault(found.group(), found.group()))));
    }

    private static String there(String name) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) ? file.toString() : name;
    }
}
