package io.janklab.workloads.cli.common;

import io.janklab.dashboards.report.text.Wrap;
import io.janklab.workloads.input.OneLine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that every command has, with their meaning in each: where its files go, what it prints, its seed, and whether it does
/// everything twice.
public final class CommonOptions {
    private static final long DEFAULT_SEED = 1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files named above.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Write into the folder even if it holds files that this command has not written.")
    public boolean force;

    @Option(names = "--seed", paramLabel = "K", description = "Seed of all that is drawn at random (default: " + DEFAULT_SEED
            + ", or as many as the command runs).")
    private @Nullable Long seed;

    @Option(names = "--json", description = "Print JSON alone on stdout.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors, and JSON if that is asked for.")
    private boolean quiet;

    @Option(names = "--verify", description = "Simulate everything twice; both results must be the same.")
    private boolean verify;

    private boolean resultsOnly;

    /// The final destination of files that are made in a folder of our own; null if there is none.
    private @Nullable String address;

    /// Of a command that writes files only if it is given a folder.
    public CommonOptions() {}

    /// Of a command that writes its files in any case.
    public CommonOptions(String folder) {
        writeInto(folder);
    }

    /// Null if no files are wanted.
    public @Nullable Path out() {
        return out;
    }

    /// The folder, of a command that always writes into one.
    public Path folder() {
        return Objects.requireNonNull(out);
    }

    /// Writes files, to that folder unless the user has named another.
    public void writeInto(String folder) {
        out = out == null ? Path.of(folder) : out;
    }

    /// The folder as the user gave it, for messages; null if no files are wanted.
    public @Nullable String outName() {
        return address != null || out == null ? address : out.toString();
    }

    /// The value of `--out`, verbatim: [Path] would make one slash of two. Null if nothing was.
    public @Nullable String outAsGiven() {
        List<String> given = command.findOption("--out").originalStringValues();
        return given.isEmpty() ? null : given.getLast();
    }

    /// Files are made in `scratch`, on their way to that address.
    public void workIn(Path scratch, String address) {
        this.out = scratch;
        this.address = address;
    }

    /// The folder to write into, if files are wanted. What is in it already is judged now, before anything runs.
    ///
    /// @param mainFile a file that an earlier run left there, with `key` in it; such a folder may be written again
    /// @throws io.janklab.workloads.input.BadInput if nothing could be written there, or something may not
    public Optional<OutputFolder> folder(String mainFile, String key) {
        return out == null ? Optional.empty() : Optional.of(OutputFolder.of(out, force, mainFile, key));
    }

    public long seed() {
        return seed == null ? DEFAULT_SEED : seed;
    }

    public boolean hasSeed() {
        return seed != null;
    }

    /// Whether only results may be shown: no progress, no remarks.
    public boolean isSilent() {
        return json || quiet || resultsOnly;
    }

    /// The output is for a program to read, as with `--json`.
    public void printResultsOnly() {
        resultsOnly = true;
    }

    /// Prints the command's result, in the requested form.
    public void print(Supplier<String> asText, Supplier<String> asJson) {
        if (json) {
            put(asJson.get());
        } else if (!quiet) {
            put(Wrap.prose(asText.get()));
        }
    }

    /// A line for the user to watch.
    public void remark(String line) {
        if (!isSilent()) {
            put(Wrap.prose(line + "\n"));
        }
    }

    /// Says which files have been written, if any were wanted.
    public void remarkWritten(List<String> files) {
        if (out != null) {
            remark("Written to " + outName() + ": " + String.join(", ", files));
        }
    }

    private void put(String text) {
        command.commandLine().getOut().print(text);
        command.commandLine().getOut().flush();
    }

    /// This host cannot do what the command needs.
    public void printObstacle(String sentence) {
        print(() -> sentence + "\n", () -> JsonText.of(Map.of("obstacle", sentence)));
    }

    /// Where progress is reported when there is no terminal.
    public PrintWriter err() {
        return command.commandLine().getErr();
    }

    /// Printed on stderr, even with `--quiet`.
    public void warn(String sentence) {
        command.commandLine().getErr().println("janklab: " + OneLine.sentence(sentence));
        command.commandLine().getErr().flush();
    }

    /// With `--verify`: repeats everything, which must have the same result.
    ///
    /// @param first the result of each run, such as `seed 1 on 6.17: digest 7a98a055f5375587`
    public void verify(List<String> first, Supplier<List<String>> doAgain) {
        if (!verify) {
            return;
        }
        List<String> second = doAgain.get();
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).equals(second.get(i))) {
                throw new IllegalStateException(first.get(i) + ", and the second time " + second.get(i));
            }
        }
        remark("Verified: done twice, and " + (first.size() == 1 ? "the result is" : "all " + first.size() + " results are")
                + " the same.");
    }

    /// Of a command that simulates nothing.
    public void nothingToVerify() {
        if (verify) {
            remark("Nothing is simulated here: there is nothing to verify.");
        }
    }
}
