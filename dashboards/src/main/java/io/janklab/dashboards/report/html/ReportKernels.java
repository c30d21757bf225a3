package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import java.util.ArrayList;
import java.util.List;

/// The kernels that a chart shows, each with its name and line style: those compared, and the bound last.
record ReportKernels(List<Line> lines) {
    /// The line style of the bound in every chart.
    static final int BOUND_STYLE = 8;

    record Line(KernelResult kernel, String name, int style) {}

    static ReportKernels of(Experiment experiment) {
        List<Line> lines = new ArrayList<>();
        for (KernelResult kernel : experiment.kernels()) {
            lines.add(new Line(kernel, kernel.name(), lines.size() % BOUND_STYLE));
        }
        if (experiment.bound() != null) {
            lines.add(new Line(experiment.bound(), "bound", BOUND_STYLE));
        }
        return new ReportKernels(List.copyOf(lines));
    }
}
