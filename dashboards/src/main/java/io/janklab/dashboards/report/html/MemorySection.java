package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.result.MemoryOverTime;
import io.janklab.dashboards.report.text.Words;
import java.util.List;

/// The page's section on the app's memory: over time, and its maximum.
final class MemorySection {
    private final List<KernelResult> kernels;
    private final Html html;

    MemorySection(List<KernelResult> kernels, Html html) {
        this.kernels = kernels;
        this.html = html;
    }

    void write(MemoryCharts charts) {
        html.element("h2", "Memory");
        charts.overTime("rss", MemoryOverTime::rss);
        charts.overTime("pageTables", MemoryOverTime::pageTables);
        html.raw("<div class=\"charts\">\n");
        html.chart("rss", "Resident memory of the app: mean over seeds, and their range");
        html.chart("pageTables", "Page tables of the app: mean over seeds, and their range");
        html.raw("</div>\n");
        HtmlTable table = html.table("lrrr", "kernel", "RSS, highest", "page tables, highest", "page tables, at the end");
        for (KernelResult kernel : kernels) {
            table.row(
                    kernel.name(),
                    Words.mib(kernel.memory().rssPeakBytes()),
                    Words.mib(kernel.memory().pageTablePeakBytes()),
                    Words.mib(kernel.memory().pageTableEndBytes()));
        }
        table.end();
    }
}
