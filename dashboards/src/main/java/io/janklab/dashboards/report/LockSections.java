package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.ChainTotal;
import io.janklab.dashboards.measure.LockUse;
import io.janklab.dashboards.measure.MadviseCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What the page says of locks: inversion by chain, the paths of madvise and of faults, the locks most waited for.
final class LockSections {
    private static final int CHAINS_SHOWN = 12;
    private static final int LOCKS_SHOWN = 15;

    private final List<KernelResult> kernels;
    private final Html html;

    LockSections(List<KernelResult> kernels, Html html) {
        this.kernels = kernels;
        this.html = html;
    }

    void inversion() {
        html.element("h2", "Priority inversion");
        html.element("p", "Time the UI thread or the RenderThread waited for a lock while a task of lower priority held it or was queued "
                + "for it ahead of them. A wait whose chain changes counts under each chain it went through.");
        for (KernelResult kernel : kernels) {
            html.element("h3", kernel.name() + ": UI thread " + Words.duration(kernel.inversion().uiNs()) + ", RenderThread "
                    + Words.duration(kernel.inversion().renderThreadNs()));
            chains(kernel.inversion().chains().stream().filter(ChainTotal::inverted).limit(CHAINS_SHOWN).toList());
        }
    }

    private void chains(List<ChainTotal> chains) {
        if (chains.isEmpty()) {
            html.element("p", "Never.");
            return;
        }
        HtmlTable table = html.table("rrt", "time", "waits", "chain");
        chains.forEach(chain -> table.row(Words.duration(chain.ns()), Words.count(chain.count()), chain.chain()));
        table.end();
    }

    void madvise() {
        html.element("h2", "madvise: by which lock, and why");
        HtmlTable table = html.table("lrrrt", "kernel", "calls", "VMA lock", "mmap_lock", "why mmap_lock");
        for (KernelResult kernel : kernels) {
            MadviseCounts madvise = kernel.madvise();
            List<String> causes = new ArrayList<>();
            madvise.causes().forEach((cause, calls) -> causes.add(cause + ": " + Words.count(calls)));
            table.row(
                    kernel.name(),
                    Words.count(madvise.calls()),
                    Words.count(madvise.vmaLock()),
                    Words.count(madvise.mmapLock()),
                    String.join("; ", causes));
        }
        table.end();
    }

    void faults() {
        html.element("h2", "Page faults");
        HtmlTable table = html.table("lrrrr", "kernel", "VMA lock", "mmap_lock", "of these after abort", "after retry");
        for (KernelResult kernel : kernels) {
            table.row(
                    kernel.name(),
                    Words.count(kernel.faults().vmaLock()),
                    Words.count(kernel.faults().mmapLock()),
                    Words.count(kernel.faults().abort()),
                    Words.count(kernel.faults().retry()));
        }
        table.end();
    }

    void locks() {
        kernels.forEach(this::locks);
    }

    private void locks(KernelResult kernel) {
        html.element("h2", "Locks most waited for on " + kernel.name());
        HtmlTable table = html.table(
                "lllrrrrrr", "lock", "mode", "task", "taken", "waits", "waited", "P99 wait", "longest wait", "P99 hold");
        kernel.locks().stream()
                .filter(use -> use.waitNs() > 0)
                .sorted(Comparator.comparingLong(LockUse::waitNs).reversed())
                .limit(LOCKS_SHOWN)
                .forEach(use -> table.row(
                        use.lockClass().label(),
                        use.mode().label(),
                        use.taskName(),
                        Words.count(use.acquisitions()),
                        Words.count(use.waits().getTotalCount()),
                        Words.duration(use.waitNs()),
                        Words.duration(use.waits().getValueAtPercentile(99)),
                        Words.duration(use.waits().getMaxValue()),
                        Words.duration(use.holds().getValueAtPercentile(99))));
        table.end();
    }
}
