package io.janklab.workloads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The documents of the tree, as tests read them.
public final class Documents {
    static final List<String> MODULES = List.of("kernel-sim", "allocator", "dashboards", "workloads");
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```[^\n]*\n(.*?)^```");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern CONTINUED = Pattern.compile("\\\\\n *");

    private Documents() {}

    /// A document and its text.
    ///
    /// @param name its path in the tree
    public record Document(String name, String text) {
        Path file() {
            return ROOT.resolve(name);
        }

        /// What stands between backticks in prose and tables, on one line.
        public List<String> spans() {
            return SPAN.matcher(prose()).results().map(found -> found.group(1).replaceAll("\\s+", " ")).toList();
        }

        /// The lines of blocks of code, those that end in a backslash joined with the next.
        public List<String> codeLines() {
            return blocks().stream().flatMap(block -> CONTINUED.matcher(block).replaceAll("").lines()).toList();
        }

        /// Its blocks of code.
        public List<String> blocks() {
            return FENCED.matcher(text).results().map(found -> found.group(1)).toList();
        }

        /// The text without its blocks of code.
        String prose() {
            return FENCED.matcher(text).replaceAll("");
        }
    }

    /// All that a reader is led to: the README, and those of the modules.
    public static List<Document> all() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        for (String module : MODULES) {
            try (Stream<Path> inModule = Files.list(ROOT.resolve(module))) {
                inModule.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
            }
        }
        List<Document> documents = new ArrayList<>();
        for (Path file : files) {
            documents.add(new Document(ROOT.relativize(file).toString().replace('\\', '/'), Files.readString(file)));
        }
        return documents;
    }

    /// The text of every Java source, tests included.
    static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            for (Path tree : List.of(ROOT.resolve(module).resolve("src"), ROOT.resolve(module).resolve("spark"))) {
                if (Files.isDirectory(tree)) {
                    try (Stream<Path> files = Files.walk(tree)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }
}
