package io.janklab.workloads.cli.explore;

import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusSyntax;
import io.janklab.explore.text.LitmusText;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import io.janklab.workloads.input.OneLine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Litmuses of the user's own.
public final class LitmusFiles {
    private static final long MOST_BYTES = 1 << 20;

    private LitmusFiles() {}

    /// @throws BadInput naming the file and the line, if it is no litmus
    public static LitmusText read(Path file) {
        try {
            return LitmusParser.parse(lines(file));
        } catch (LitmusSyntax bad) {
            throw BadInput.at(file.toString(), bad.line(), String.valueOf(bad.getMessage()));
        }
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MOST_BYTES) {
                throw new BadInput(file + " is too long for a litmus: " + Files.size(file) + " bytes, of " + MOST_BYTES + " at most.");
            }
            return OneLine.linesOf(file);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new BadInput(file + " cannot be read (" + FileTrouble.inWords(e) + ").");
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read as a text file.");
        }
    }
}
