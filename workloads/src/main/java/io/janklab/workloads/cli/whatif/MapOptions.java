package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FilePath;
import io.janklab.workloads.input.FileTrouble;
import io.janklab.workloads.map.MapQuestion;
import io.janklab.workloads.sweep.SweepInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options of a `map` as they were given: those that make its question, and those that only say where its output goes.
final class MapOptions {
    private static final Set<String> OF_OUTPUT = Set.of("--out", "--force", "--json", "--quiet", "--verify", "--resume");
    private static final String TRACE = "--trace";
    private static final String JAVA_FILE = ".java";
    /// Between the parts of values such as `6.17+MyPolicy.java,7.2`.
    private static final String BETWEEN = "[,+=]";

    private final CommandSpec command;

    MapOptions(CommandSpec command) {
        this.command = command;
    }

    private Map<String, List<String>> given(boolean ofOutput) {
        Map<String, List<String>> given = new TreeMap<>();
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (OF_OUTPUT.contains(option.longestName()) == ofOutput) {
                boolean isFlag = option.arity().max() == 0;
                given.put(option.longestName(), isFlag ? List.of() : List.copyOf(option.originalStringValues()));
            }
        }
        return given;
    }

    /// The command takes the question of that journal, if it was given none of its own.
    ///
    /// @param folder as the user gave it
    /// @throws BadInput if it was given another
    void take(MapQuestion before, String folder) {
        Map<String, List<String>> asked = given(false);
        if (asked.isEmpty()) {
            List<String> arguments = new ArrayList<>(MapQuestion.arguments(given(true)));
            arguments.addAll(MapQuestion.arguments(before.options()));
            command.commandLine().parseArgs(arguments.toArray(String[]::new));
        } else if (!asked.equals(before.options())) {
            throw new BadInput("the map in " + folder + " was asked something else ("
                    + String.join(" ", MapQuestion.arguments(before.options()))
                    + "): --resume alone continues it, and a new map takes another --out.");
        }
    }

    /// The question of a map of that many cells, with the fingerprints of the files it names.
    MapQuestion question(int cells, List<String> devices, List<String> scenarios) {
        Map<String, List<String>> asked = given(false);
        Map<String, String> files = new LinkedHashMap<>(SweepInputs.fingerprints(devices, scenarios));
        Stream<String> policies = asked.values().stream().flatMap(List::stream).flatMap(value -> Stream.of(value.split(BETWEEN)))
                .filter(part -> part.endsWith(JAVA_FILE));
        Stream.concat(policies, asked.getOrDefault(TRACE, List.of()).stream()).forEach(file -> files.put("file " + file, sha256(file)));
        return new MapQuestion(asked, cells, files);
    }

    private static String sha256(String file) {
        try {
            return SweepInputs.sha256(Files.readAllBytes(FilePath.of(file)));
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }
}
