package io.janklab.workloads.cli.common;

import io.janklab.dashboards.report.text.Ink;
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

/// Where the results of a command go, and in which form: what its common options say, read and fixed.
///
/// @param form of what is printed
/// @param ink of texts: coloured on a terminal, unless NO_COLOR is set
/// @param verify whether everything is done twice
/// @param folder for files; null if none are wanted
/// @param folderName the folder as the user gave it, for messages
/// @param force whether a folder may hold files that this command has not written
public record Output(
        PrintWriter out, PrintWriter err, Form form, Ink ink, boolean verify, @Nullable Path folder, @Nullable String folderName,
                boolean force) {
    /// What is printed of a result.
    public enum Form {
        TEXT,
        /// As text, but for a program to read: no progress, no remarks.
        TEXT_ALONE,
        JSON,
        NOTHING
    }

    /// The same, for a program to read.
    public Output resultsOnly() {
        return form == Form.TEXT ? new Output(out, err, Form.TEXT_ALONE, ink, verify, folder, folderName, force) : this;
    }

    /// The same, but files are made in `scratch`, on their way to that address.
    public Output into(Path scratch, String address) {
        return new Output(out, err, form, ink, verify, scratch, address, force);
    }

    /// The folder, of a command that always writes into one.
    public Path requiredFolder() {
        return Objects.requireNonNull(folder);
    }

    /// The folder to write into, if files are wanted. What is in it already is judged now, before anything runs.
    ///
    /// @param mainFile a file that an earlier run left there, with `key` in it; such a folder may be written again
    /// @throws io.janklab.workloads.input.BadInput if nothing could be written there, or something may not
    public Optional<OutputFolder> folder(String mainFile, String key) {
        return folder == null ? Optional.empty() : Optional.of(OutputFolder.of(folder, force, mainFile, key));
    }

    /// Whether only results may be shown: no progress, no remarks.
    public boolean isSilent() {
        return form != Form.TEXT;
    }

    /// Prints the command's result, in the requested form.
    public void print(Supplier<String> asText, Supplier<String> asJson) {
        switch (form) {
            case TEXT, TEXT_ALONE -> put(Wrap.prose(asText.get()));
            case JSON -> put(asJson.get());
            case NOTHING -> { }
        }
    }

    /// The same of a source, which is printed as it is.
    public void printSource(Supplier<String> source, Supplier<String> asJson) {
        switch (form) {
            case TEXT, TEXT_ALONE -> put(source.get());
            case JSON -> put(asJson.get());
            case NOTHING -> { }
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
        if (folder != null) {
            remark("Written to " + folderName + ": " + String.join(", ", files));
        }
    }

    private void put(String text) {
        out.print(text);
        out.flush();
    }

    /// This host cannot do what the command needs.
    public void printObstacle(String sentence) {
        print(() -> sentence + "\n", () -> JsonText.of(Map.of("obstacle", sentence)));
    }

    /// Printed on stderr, even with `--quiet`.
    public void warn(String sentence) {
        err.println(Wrap.complaint("janklab: " + OneLine.sentence(sentence)));
        err.flush();
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
                throw new DoneTwice(first.get(i), second.get(i));
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
