package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.file.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// An experiment as one self-contained HTML page: its own scripts only, no network, every text escaped.
public final class ReportHtml {
    private ReportHtml() {}

    /// @throws IOException if the file cannot be written; there is then none
    public static void write(Experiment experiment, Path file) throws IOException {
        AtomicFile.write(file, out -> write(experiment, out));
    }

    /// Writes UTF-8 and leaves `out` open.
    public static void write(Experiment experiment, OutputStream out) throws IOException {
        out.write(new ReportPage(experiment).toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
