package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.result.ChainTotal;
import io.janklab.dashboards.measure.result.HolderActivity;
import io.janklab.dashboards.measure.result.Inversion;
import io.janklab.dashboards.measure.result.InversionSplit;
import io.janklab.dashboards.measure.result.LockStat;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.MadviseCounts;
import io.janklab.dashboards.report.text.LockStatText;
import io.janklab.dashboards.report.text.Words;
import io.janklab.kernel.trace.LockClass;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// The page's sections on locks: inversion by chain, the paths of madvise and of faults, the locks most waited for.
final class LockSections {
    private static final int CHAINS_SHOWN = 12;
    private static final int LOCKS_SHOWN = 15;
    private static final int SHARES_SHOWN = 4;

    private final List<KernelResult> kernels;
    private final Html html;

    LockSections(List<KernelResult> kernels, Html html) {
        this.kernels = kernels;
        this.html = html;
    }

    void inversion() {
        html.element("h2", "Priority inversion");
        html.element("p", "Time a thread of the app waited for a lock while a task of lower priority held it or was queued for it "
                + "ahead (direct), or while the task that did waited in turn for one (transitive). A wait whose chain changes counts under "
                + "each chain it went through.");
        html.element("p", "In a chain, \"held (read) by X\": X has the lock, together with other readers; \"held (write)\": alone. "
                + "\"Behind queued X\": X waits for the same lock and came first; \"next in line\": X gets it next. \"Preempted\": X "
                + "could go on, but another task has its core, and all behind it wait that long. nice 10 is a background thread, nice "
                + "-10 the UI thread of the app in front.");
        for (KernelResult kernel : kernels) {
            html.element("h3", kernel.name());
            if (kernel.inversion().process().totalNs() == 0) {
                html.element("p", "No thread of the app waited behind one of lower priority.");
                continue;
            }
            splits(kernel.inversion());
            chains(kernel.inversion().process().chains().stream().limit(CHAINS_SHOWN).toList());
        }
    }

    private void splits(Inversion inversion) {
        HtmlTable table = html.table("lrrrttt", "waiting", "time", "direct", "transitive", "by lock", "by holder",
                "holder's state");
        split(table, "UI thread", inversion.ui());
        split(table, "RenderThread", inversion.renderThread());
        split(table, "all threads", inversion.process());
        table.end();
    }

    private static void split(HtmlTable table, String who, InversionSplit split) {
        table.row(
                who,
                Words.duration(split.totalNs()),
                Words.duration(split.directNs()),
                Words.duration(split.transitiveNs()),
                shares(split.byLock(), LockClass::label),
                shares(split.byHolder(), holder -> holder),
                shares(split.byActivity(), HolderActivity::word));
    }

    /// `mmap_lock 1.20 ms, futex 3.4 µs`: the largest few.
    private static <K> String shares(Map<K, Long> shares, Function<K, String> name) {
        return shares.entrySet().stream()
                .limit(SHARES_SHOWN)
                .map(share -> name.apply(share.getKey()) + " " + Words.duration(share.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void chains(List<ChainTotal> chains) {
        HtmlTable table = html.table("rrt", "time", "waits", "chain");
        chains.forEach(chain -> table.row(Words.duration(chain.ns()), Words.count(chain.count()), chain.chain()));
        table.end();
    }

    /// `/proc/lock_stat`, in µs as there.
    void lockStat() {
        kernels.forEach(this::lockStat);
    }

    private void lockStat(KernelResult kernel) {
        html.element("h2", "lock_stat on " + kernel.name());
        html.element("p", "Linux's own columns, in µs; below each class its contention points: what waiters were doing, "
                + "and what the task that had acquired the lock last was doing.");
        HtmlTable table = html.table("l" + "r".repeat(LockStatText.HEADERS.size() - 1), LockStatText.HEADERS.toArray(String[]::new));
        for (LockStat stat : LockStat.of(kernel.locks())) {
            table.row(LockStatText.cells(stat));
            stat.sites().forEach(site -> table.row(LockStatText.cells(site)));
            stat.holders().forEach(holder -> table.row(LockStatText.cells(holder)));
        }
        table.end();
    }

    void madvise() {
        html.element("h2", "madvise: by which lock, and why");
        HtmlTable table = html.table("lltrr", "kernel", "lock", "why", "calls", "share");
        kernels.forEach(kernel -> madvise(table, kernel));
        table.end();
        html.element("h3", "By thread and heap");
        HtmlTable byThread = html.table("lllrrr", "kernel", "thread", "memory", "calls", "by the VMA lock", "by mmap_lock");
        kernels.forEach(kernel -> {
            madviseOf(byThread, kernel.name(), "all", kernel.madvise());
            kernel.madvise().byTask().forEach((thread, calls) -> madviseOf(byThread, kernel.name(), thread, calls));
        });
        byThread.end();
    }

    private static void madviseOf(HtmlTable table, String kernel, String thread, MadviseCounts calls) {
        calls.byHeap().forEach((heap, ofHeap) -> table.row(kernel, thread, heap, Words.count(ofHeap.calls()),
                Words.count(ofHeap.vmaLock()), Words.count(ofHeap.mmapLock())));
    }

    private static void madvise(HtmlTable table, KernelResult kernel) {
        MadviseCounts madvise = kernel.madvise();
        String vma = Words.share(madvise.vmaLock(), madvise.calls());
        table.row(kernel.name(), LockClass.VMA_LOCK.label(), "", Words.count(madvise.vmaLock()), vma);
        madvise.causes().forEach((cause, calls) -> table.row(
                kernel.name(), LockClass.MMAP_LOCK.label(), cause, Words.count(calls), Words.share(calls, madvise.calls())));
    }

    void faults() {
        html.element("h2", "Page faults");
        html.element("p", "By the lock under which they were handled. Neither: handled speculatively, without a lock of the address space. "
                + "After abort: the VMA lock could not be had, and mmap_lock was taken; after retry: it had to be released for I/O, "
                + "and the fault began again.");
        HtmlTable table = html.table("lrrrrr", "kernel", "VMA lock", "neither", "mmap_lock", "of these after abort", "after retry");
        for (KernelResult kernel : kernels) {
            table.row(
                    kernel.name(),
                    Words.count(kernel.faults().vmaLock()),
                    Words.count(kernel.faults().speculative()),
                    Words.count(kernel.faults().mmapLock()),
                    Words.count(kernel.faults().abort()),
                    Words.count(kernel.faults().retry()));
        }
        table.end();
    }

    void distributions(LockCharts charts) {
        List<LockClass> classes = charts.classes();
        if (classes.isEmpty()) {
            return;
        }
        html.element("h2", "How long locks are waited for and held");
        html.raw("<div class=\"charts\">\n");
        for (LockClass lockClass : classes) {
            distribution(charts, "wait", lockClass, LockUse::waits);
            distribution(charts, "hold", lockClass, LockUse::holds);
        }
        html.raw("</div>\n");
    }

    /// Nothing where there is nothing to draw: no tracepoint shows how long spinlocks are held.
    private void distribution(LockCharts charts, String what, LockClass lockClass, Function<LockUse, Histogram> lengths) {
        String id = what + "-" + lockClass.label();
        if (charts.distribution(id, what, lockClass, lengths)) {
            html.chart(id, lockClass.label() + ": " + what + "s");
        }
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
