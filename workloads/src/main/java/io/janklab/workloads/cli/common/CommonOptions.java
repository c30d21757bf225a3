package io.janklab.workloads.cli.common;

import io.janklab.dashboards.report.text.Ink;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that every command has, with their meaning in each: where its files go, what it prints, its seed, and whether it does
/// everything twice. All but the seed become its [Output].
public final class CommonOptions {
    private static final long DEFAULT_SEED = 1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files named above.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Write into the folder even if it holds files of others.")
    private boolean force;

    @Option(names = "--seed", paramLabel = "K", description = "Seed of all that is drawn at random (default: " + DEFAULT_SEED
            + ", or as many as the command runs).")
    private @Nullable Long seed;

    @Option(names = "--json", description = "Print JSON alone on stdout.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors, and JSON if that is asked for.")
    private boolean quiet;

    @Option(names = "--verify", description = "Simulate everything twice; both results must be the same.")
    private boolean verify;

    /// Of a command that writes files only if it is given a folder.
    public CommonOptions() {}

    /// Of a command that writes its files in any case.
    public CommonOptions(String folder) {
        writeInto(folder);
    }

    /// Writes files, to that folder unless the user has named another.
    public void writeInto(String folder) {
        out = out == null ? Path.of(folder) : out;
    }

    /// The value of `--out`, verbatim: [Path] would make one slash of two. Null if nothing was.
    public @Nullable String outAsGiven() {
        List<String> given = command.findOption("--out").originalStringValues();
        return given.isEmpty() ? null : given.getLast();
    }

    /// The output that the options describe, of a command that runs.
    public Output output() {
        Output.Form form = json ? Output.Form.JSON : quiet ? Output.Form.NOTHING : Output.Form.TEXT;
        Ink ink = CommandLine.Help.Ansi.AUTO.enabled() ? Ink.COLOURED : Ink.PLAIN;
        return new Output(command.commandLine().getOut(), command.commandLine().getErr(), form, ink, verify, out,
                out == null ? null : out.toString(), force);
    }

    public long seed() {
        return seed == null ? DEFAULT_SEED : seed;
    }

    public boolean hasSeed() {
        return seed != null;
    }
}
