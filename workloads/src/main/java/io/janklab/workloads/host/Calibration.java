package io.janklab.workloads.host;

import io.janklab.kernel.config.Cost;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Measures on this host what [Cost] lists, as far as user space can see it: each cost is a probe, or what one probe takes more than
/// another.
///
/// **Caveats.** Where two costs are only ever paid together, the default of the smaller one stands and the other gets the rest.
public final class Calibration {
    /// Spreads above this part of the median mean that the host was doing something else.
    private static final double NOISY = 0.25;
    /// The JVM has by then compiled how system calls are made, which every probe has in it.
    private static final int ROUNDS_UNTIL_COMPILED = 500;

    private final Map<Cost, Measurement> costs = new EnumMap<>(Cost.class);

    private Calibration() {}

    /// Takes some seconds, on a thread of its own that should have a core to itself.
    public static Calibration run() {
        boolean severalCores = Runtime.getRuntime().availableProcessors() > 1;
        return OwnThread.run(() -> measure(severalCores));
    }

    private static Calibration measure(boolean severalCores) {
        Calibration calibration = new Calibration();
        new HostSyscalls().pinThread(0);
        Probes probes = new Probes();
        for (int round = 0; round < ROUNDS_UNTIL_COMPILED; round++) {
            probes.syscall();
        }
        calibration.measureCalls(probes);
        calibration.measureFaults(probes);
        calibration.measureZap(probes);
        calibration.measureVmas(probes);
        calibration.measureSwitches(severalCores);
        if (severalCores) {
            calibration.measureOtherCore(probes);
        }
        return calibration;
    }

    private void measureCalls(Probes probes) {
        costs.put(Cost.SYSCALL, Measurement.of(probes::syscall));
        costs.put(Cost.MADVISE, Measurement.of(probes::madviseNothing).minus(syscall()));
    }

    private Measurement syscall() {
        return costs.get(Cost.SYSCALL);
    }

    /// write fault = entry + walk + allocate + zero + set; read fault = entry + walk + set; populate = walk + set.
    private void measureFaults(Probes probes) {
        Measurement writeFault = Measurement.of(probes::writeFault);
        Measurement readFault = Measurement.of(probes::readFault);
        Measurement populate = Measurement.of(probes::populateRead);
        Measurement pteSet = new Measurement(Cost.PTE_SET.defaultNs(), 0);
        costs.put(Cost.FAULT_ENTRY, readFault.minus(populate));
        costs.put(Cost.FAULT_WALK, populate.minus(pteSet));
        costs.put(Cost.PAGE_ZERO, Measurement.of(probes::clearPage));
        costs.put(Cost.PAGE_ALLOC, writeFault.minus(readFault).minus(costs.get(Cost.PAGE_ZERO)));
        costs.put(Cost.PAGE_TABLE_ALLOC, Measurement.of(probes::writeFaultInNewTable).minus(writeFault));
        costs.put(Cost.PAGE_COPY, Measurement.of(probes::copyOnWrite).minus(writeFault.minus(costs.get(Cost.PAGE_ZERO))));
        costs.put(Cost.KERNEL_COLD, Measurement.of(probes::writeFaultAfterUserMode).minus(writeFault));
    }

    /// A page zapped is its entry cleared and the page freed; the zero page's entry is only cleared.
    private void measureZap(Probes probes) {
        Measurement zapPte = Measurement.of(probes::dontneedZeroPage);
        costs.put(Cost.ZAP_PTE, zapPte);
        costs.put(Cost.PAGE_FREE, Measurement.of(probes::dontneedPage).minus(zapPte));
        costs.put(Cost.ZAP_SKIP, Measurement.of(probes::dontneedEmptyEntry).minus(costs.get(Cost.MADVISE).dividedBy(Probes.PAGES)));
        costs.put(Cost.FREE_PTE, Measurement.of(probes::freePageAgain));
        costs.put(Cost.LRU_MOVE, Measurement.of(probes::freePage).minus(costs.get(Cost.FREE_PTE)));
        costs.put(Cost.PTE_DIRTY, Measurement.of(probes::rewriteAfterFree).minus(Measurement.of(probes::rewrite)));
        costs.put(Cost.PROTECT_PTE, Measurement.of(probes::protectPage));
    }

    private void measureVmas(Probes probes) {
        costs.put(Cost.MMAP, Measurement.of(probes::mmap).minus(syscall()));
        costs.put(Cost.MUNMAP, Measurement.of(probes::munmap).minus(syscall()));
        Measurement mprotect = Measurement.of(probes::mprotect).minus(syscall());
        costs.put(Cost.MPROTECT, mprotect);
        costs.put(Cost.VMA_SPLIT, Measurement.of(probes::mprotectThatSplits).minus(syscall()).minus(mprotect).dividedBy(2));
        costs.put(Cost.VMA_MERGE, Measurement.of(probes::mprotectThatMerges).minus(syscall()).minus(mprotect));
    }

    /// A hand-over on one core = write and read + wake-up + switch.
    private void measureSwitches(boolean severalCores) {
        Measurement onOneCore = handOver(0);
        if (!severalCores) {
            costs.put(Cost.CONTEXT_SWITCH, onOneCore.minus(new Measurement(Cost.WAKE.defaultNs(), 0)));
            return;
        }
        Measurement acrossCores = handOver(1);
        try (PingPong pair = new PingPong(1)) {
            costs.put(Cost.WAKE, Measurement.of(pair::wakingWrite).minus(Measurement.of(pair::idleWrite)));
        }
        costs.put(Cost.CONTEXT_SWITCH, onOneCore.minus(new Measurement(Cost.WAKE.defaultNs(), 0)));
        costs.put(Cost.IDLE_EXIT, acrossCores.minus(costs.get(Cost.WAKE)).minus(costs.get(Cost.CONTEXT_SWITCH)));
    }

    private static Measurement handOver(int partnersCore) {
        try (PingPong pair = new PingPong(partnersCore)) {
            Measurement calls = Measurement.of(pair::withoutWaiting);
            return Measurement.of(pair::handOver).minus(calls);
        }
    }

    /// A flush interrupts another core that runs this address space; the sending keeps its default.
    private void measureOtherCore(Probes probes) {
        Measurement alone = Measurement.of(probes::loneFlush);
        try (Spinner other = new Spinner(1)) {
            Measurement watched = Measurement.of(probes::loneFlush);
            costs.put(Cost.INTERRUPT, watched.minus(alone).minus(new Measurement(Cost.IPI_SEND.defaultNs(), 0)));
        }
    }

    /// The medians, ns.
    Map<Cost, Long> medians() {
        Map<Cost, Long> medians = new EnumMap<>(Cost.class);
        costs.forEach((cost, measured) -> medians.put(cost, Math.round(measured.medianNs())));
        return medians;
    }

    /// Kernel, architecture, and of each cost the median and the interquartile range (ns), as JSON shall have them.
    public Map<String, Object> summary(HostKernel host) {
        Map<String, Object> measured = new LinkedHashMap<>();
        costs.forEach((cost, ns) -> measured.put(cost.key(), Map.of("medianNs", ns.medianNs(), "spreadNs", ns.spreadNs())));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("kernel", host.release());
        summary.put("architecture", host.architecture().toString());
        summary.put("noisy", isNoisy());
        summary.put("costs", measured);
        return summary;
    }

    /// Whether any spread is too wide for its median to be believed.
    public boolean isNoisy() {
        return costs.values().stream().anyMatch(cost -> cost.noise() > NOISY && cost.spreadNs() > 20);
    }

    /// The `costs` section of a device file, each line with its spread and meaning.
    public String yaml(HostKernel host) {
        StringBuilder text = new StringBuilder("# Measured on Linux ").append(host.release()).append(" (").append(host.architecture()).append(").\n");
        text.append("# ns, median; in brackets the interquartile range. What is not listed could not be told apart from user space: its default stands.\n");
        text.append("costs:\n");
        costs.forEach((cost, measured) -> text.append(
                String.format("  %s: %d  # [%d] %s%n", cost.key(), Math.round(measured.medianNs()), Math.round(measured.spreadNs()), cost.meaning())));
        return text.toString();
    }
}
