package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.file.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// An experiment as one self-contained HTML page: its own scripts only, no network, every text escaped.
public final class ReportHtml {
    private ReportHtml() {}

    /// @param jankCounts how other tools' counts of janky frames compare with this one's, a sentence for each kernel
    /// @throws IOException if the file cannot be written; there is then none
    public static void write(Experiment experiment, List<String> jankCounts, Path file) throws IOException {
        AtomicFile.write(file, out -> write(experiment, jankCounts, out));
    }

    /// Writes UTF-8 and leaves `out` open.
    public static void write(Experiment experiment, List<String> jankCounts, OutputStream out) throws IOException {
        out.write(new ReportPage(experiment, jankCounts).toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
