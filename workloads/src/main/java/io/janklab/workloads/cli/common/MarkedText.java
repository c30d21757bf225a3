package io.janklab.workloads.cli.common;

import io.janklab.dashboards.file.AtomicFile;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A part of a Markdown file that a command rewrites: the text between `<!-- NAME -->` and `<!-- /NAME -->`.
public final class MarkedText {
    private MarkedText() {}

    /// @throws BadInput if the file has no such part
    public static void replace(Path file, String name, String text) {
        try {
            String whole = Files.readString(file);
            String begin = "<!-- " + name + " -->\n";
            int from = whole.indexOf(begin);
            int to = whole.indexOf("<!-- /" + name + " -->");
            if (from < 0 || to < from) {
                throw new BadInput(file + " has no part between <!-- " + name + " --> and <!-- /" + name + " -->.");
            }
            String replaced = whole.substring(0, from + begin.length()) + text + whole.substring(to);
            AtomicFile.write(file, out -> out.write(replaced.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read or written.");
        }
    }
}
