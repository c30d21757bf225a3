package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.result.LockUse;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The activity of a process on each kernel, as aligned plain text: faults, madvise, waits for locks, memory. For runs that draw no frames.
public final class ActivityTable {
    private final List<KernelResult> kernels;
    private final TextTable table;

    private ActivityTable(Experiment experiment) {
        this.kernels = experiment.kernels();
        this.table = new TextTable("l" + "r".repeat(kernels.size()));
    }

    public static void print(Experiment experiment, PrintStream out) {
        new ActivityTable(experiment).print(out);
    }

    private void print(PrintStream out) {
        row("", KernelResult::name);
        row("virtual time", kernel -> Words.duration(kernel.virtualNs()));
        row("page faults by the VMA lock", kernel -> Words.count(kernel.faults().vmaLock()));
        row("page faults by mmap_lock", kernel -> Words.count(kernel.faults().mmapLock()));
        if (kernels.stream().anyMatch(kernel -> kernel.faults().speculative() > 0)) {
            row("page faults by neither lock", kernel -> Words.count(kernel.faults().speculative()));
        }
        row("madvise by the VMA lock", kernel -> Words.count(kernel.madvise().vmaLock()));
        row("madvise by mmap_lock", kernel -> Words.count(kernel.madvise().mmapLock()));
        lockNames().forEach(lock -> row("wait for " + lock, kernel -> Words.duration(waitNs(kernel, lock))));
        row("resident memory, highest", kernel -> Words.mib(kernel.memory().rssPeakBytes()));
        row("page tables, highest", kernel -> Words.mib(kernel.memory().pageTablePeakBytes()));
        row("event digest", kernel -> String.format("%016x", kernel.digest()));
        table.print(out, "");
    }

    private void row(String label, Function<KernelResult, String> value) {
        table.row(Stream.concat(Stream.of(label), kernels.stream().map(value)).toArray(String[]::new));
    }

    /// The locks that were contended, in order of first use.
    private Set<String> lockNames() {
        Set<String> names = new LinkedHashSet<>();
        for (KernelResult kernel : kernels) {
            kernel.locks().stream().filter(use -> use.waitNs() > 0).forEach(use -> names.add(name(use)));
        }
        return names;
    }

    private static long waitNs(KernelResult kernel, String lock) {
        return kernel.locks().stream().filter(use -> name(use).equals(lock)).mapToLong(LockUse::waitNs).sum();
    }

    private static String name(LockUse use) {
        return use.lockClass().label() + " (" + use.mode().label() + ")";
    }
}
