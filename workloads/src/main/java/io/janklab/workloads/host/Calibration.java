package io.janklab.workloads.host;

import io.janklab.kernel.config.Cost;
import java.util.EnumMap;
import java.util.Map;

/// Measures on this host what [Cost] lists, as far as user space can see it: each cost is a probe, or what one probe takes more than
/// another.
///
/// **Caveats.** Where two costs are only ever paid together, the default of the smaller one stands and the other gets the rest.
public final class Calibration {
    /// Spreads above this part of the median mean that the host was doing something else.
    private static final double NOISY = 0.25;

    private final Map<Cost, Measurement> costs = new EnumMap<>(Cost.class);

    private Calibration() {}

    /// Takes some seconds; the thread it runs on should have a core to itself.
    public static Calibration run() {
        Calibration calibration = new Calibration();
        boolean severalCores = Runtime.getRuntime().availableProcessors() > 1;
        new HostSyscalls().pinThread(0);
        Probes probes = new Probes();
        calibration.measureCalls(probes);
        calibration.measureFaults(probes);
        calibration.measureZap(probes);
        calibration.measureVmas(probes);
        calibration.measureSwitches();
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
    }

    /// A page zapped is its entry cleared and the page freed; the zero page's entry is only cleared.
    private void measureZap(Probes probes) {
        Measurement zapPte = Measurement.of(probes::dontneedZeroPage);
        costs.put(Cost.ZAP_PTE, zapPte);
        costs.put(Cost.PAGE_FREE, Measurement.of(probes::dontneedPage).minus(zapPte));
        costs.put(Cost.ZAP_SKIP, Measurement.of(probes::dontneedEmptyEntry).minus(costs.get(Cost.MADVISE).dividedBy(Probes.PAGES)));
        costs.put(Cost.FREE_PTE, Measurement.of(probes::freePage));
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

    /// A hand-over on one core = write and read + wake-up + switch; the wake-up keeps its default.
    private void measureSwitches() {
        costs.put(Cost.CONTEXT_SWITCH, handOver(0).minus(new Measurement(Cost.WAKE.defaultNs(), 0)));
    }

    private static Measurement handOver(int partnersCore) {
        try (PingPong pair = new PingPong(partnersCore)) {
            Measurement calls = Measurement.of(pair::withoutWaiting);
            return Measurement.of(pair::handOver).minus(calls);
        }
    }

    /// Across cores the other one leaves its idle loop, on top. A flush interrupts another core that runs this address space; the sending
    /// keeps its default.
    private void measureOtherCore(Probes probes) {
        costs.put(Cost.IDLE_EXIT, handOver(1).minus(costs.get(Cost.CONTEXT_SWITCH)));
        Measurement alone = Measurement.of(probes::rewriteAndDontneed);
        try (Spinner other = new Spinner(1)) {
            Measurement watched = Measurement.of(probes::rewriteAndDontneed);
            costs.put(Cost.INTERRUPT, watched.minus(alone).minus(new Measurement(Cost.IPI_SEND.defaultNs(), 0)));
        }
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
