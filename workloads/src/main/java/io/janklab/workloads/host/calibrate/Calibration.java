package io.janklab.workloads.host.calibrate;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.Spread;
import io.janklab.workloads.host.measure.Gaps;
import io.janklab.workloads.host.measure.InterruptProbe;
import io.janklab.workloads.host.measure.LoneProbes;
import io.janklab.workloads.host.measure.Measurement;
import io.janklab.workloads.host.measure.PingPong;
import io.janklab.workloads.host.measure.Probes;
import io.janklab.workloads.host.measure.Samples;
import io.janklab.workloads.host.measure.WakeProbe;
import io.janklab.workloads.host.measure.ZapProbe;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.OtherCore;
import io.janklab.workloads.host.sys.OwnThread;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// Measures the costs in [Cost] on this host, as far as user space can: each cost is a probe, or the difference between two probes.
///
/// **Caveats.** Where two costs are only ever paid together, the smaller one keeps its default and the other gets the rest.
public final class Calibration {
    /// Spreads above this part of the median mean that the host was doing something else.
    private static final double NOISY = 0.25;
    /// Narrower ones never do (ns).
    private static final long SPREAD_NS_MIN = 20;
    private static final int MOST_CORES = 4;
    /// By then the JVM has compiled the path of system calls, which is part of every probe.
    private static final int ROUNDS_UNTIL_COMPILED = 500;
    private static final int ROUNDS_IN_A_ROW = 20;
    private static final int DRAINS_MIN = 10;
    private static final long WATCH_NS = 300_000_000;
    /// Steps of the search for how soon an idle core has halted, and when it surely has.
    private static final long SHORT_ASLEEP_NS = 1_000;
    /// The share of threads woken that soon that have not gone to sleep yet: their wake-up consists of calls only.
    private static final double STILL_AWAKE = 0.1;
    private static final long LONG_ASLEEP_NS = 20_000;
    /// Lock waiters sleep for some microseconds; a core that has been halted for longer also takes longer to start.
    private static final long JUST_HALTED_NS = 4_000;
    private static final Measurement WAKE = new Measurement(Cost.WAKE.defaultNs(), 0);

    private final Map<Cost, Measurement> costs = new EnumMap<>(Cost.class);
    /// How much longer faults after a while in user mode take than faults in a row.
    private final List<Samples> coldEntries = new ArrayList<>();
    /// From sending a flush to another core until it has answered.
    private final List<Samples> flushes = new ArrayList<>();
    /// From waking a thread on a halted core until it runs, without calls and switch.
    private final List<Samples> idleExits = new ArrayList<>();
    /// The part of a flush other than the interrupt's delivery (ns).
    private double flushWithoutWay;
    private final List<Gaps> gaps = new ArrayList<>();

    private Calibration() {}

    /// Takes some seconds on each of the first cores, one after another.
    public static Calibration run() {
        int cores = Runtime.getRuntime().availableProcessors();
        return together(IntStream.range(0, Math.min(cores, MOST_CORES)).mapToObj(core -> onCore(core, cores)).toList());
    }

    /// Takes some seconds, on a thread of its own that should have the core to itself.
    public static Calibration onCore(int core, int cores) {
        return OwnThread.run(() -> measure(core, cores));
    }

    /// Measurements on several cores and at several times: hosts drift, and their cores differ. One of the parts is the first core's, the
    /// only one that is put to sleep: a virtual machine's cores halt and start differently, and a single victim sleeps there.
    public static Calibration together(List<Calibration> parts) {
        Calibration all = new Calibration();
        for (Cost cost : parts.getFirst().costs.keySet()) {
            all.costs.put(cost, Measurement.over(parts.stream().map(part -> part.costs.get(cost)).filter(Objects::nonNull).toList()));
        }
        parts.forEach(part -> {
            all.coldEntries.addAll(part.coldEntries);
            all.flushes.addAll(part.flushes);
            all.idleExits.addAll(part.idleExits);
            all.gaps.addAll(part.gaps);
        });
        all.flushWithoutWay = parts.stream().mapToDouble(part -> part.flushWithoutWay).average().orElse(0);
        return all;
    }

    private static Calibration measure(int core, int cores) {
        Calibration calibration = new Calibration();
        new HostSyscalls().pinThread(core);
        Probes probes = new Probes();
        LoneProbes lone = new LoneProbes();
        for (int round = 0; round < ROUNDS_UNTIL_COMPILED; round++) {
            probes.syscall();
        }
        calibration.measureCalls(probes);
        calibration.measureFaults(probes, lone);
        calibration.measureZap(probes, core, cores);
        calibration.measureVmas(probes);
        calibration.watch();
        calibration.measureSwitches(core);
        if (cores > 1 && core == 0) {
            calibration.measureWakes((core + 1) % cores);
        }
        if (cores > 1) {
            calibration.measureOtherCore(lone, (core + 1) % cores);
        }
        return calibration;
    }

    private void measureCalls(Probes probes) {
        costs.put(Cost.SYSCALL, Measurement.of(probes::syscall));
        costs.put(Cost.MADVISE, Measurement.of(probes::madviseNothing).minus(syscall()));
    }

    /// What has been measured of it.
    private Measurement cost(Cost cost) {
        return Objects.requireNonNull(costs.get(cost));
    }

    private Measurement syscall() {
        return cost(Cost.SYSCALL);
    }

    /// write fault = entry + walk + allocate + zero + set + a part of an LRU batch; read fault = entry + walk + set; populate = walk + set.
    private void measureFaults(Probes probes, LoneProbes lone) {
        Measurement writeFault = Measurement.of(probes::writeFault);
        Measurement readFault = Measurement.of(probes::readFault);
        Measurement populate = Measurement.of(probes::populateRead);
        Measurement pteSet = new Measurement(Cost.PTE_SET.defaultNs(), 0);
        costs.put(Cost.FAULT_ENTRY, readFault.minus(populate));
        costs.put(Cost.FAULT_WALK, populate.minus(pteSet));
        costs.put(Cost.PAGE_ZERO, Measurement.of(probes::clearPage));
        measureColdFaults(lone);
        costs.put(Cost.PAGE_ALLOC, writeFault.minus(readFault).minus(cost(Cost.PAGE_ZERO)).minus(cost(Cost.LRU_ADD)));
        costs.put(Cost.PAGE_TABLE_ALLOC, Measurement.of(probes::writeFaultInNewTable).minus(writeFault));
        costs.put(Cost.PAGE_COPY, Measurement.of(probes::copyOnWrite).minus(writeFault.minus(cost(Cost.PAGE_ZERO))));
    }

    /// Of single faults the longest are those that drain an LRU batch, if there are enough of them; else of faults in a row.
    private void measureColdFaults(LoneProbes lone) {
        Samples inARow = new Samples(0);
        for (int round = 0; round < ROUNDS_IN_A_ROW; round++) {
            lone.faultsInARow(inARow);
        }
        lone.faults();
        Samples quiet = lone.quietFaults();
        Measurement cold = quiet.measurement();
        costs.put(Cost.LRU_ADD, drain(quiet.count() >= DRAINS_MIN * LoneProbes.LRU_BATCH ? quiet : inARow));
        costs.put(Cost.KERNEL_COLD, cold.minus(inARow.measurement()));
        if (quiet.count() > 0) {
            coldEntries.add(quiet.withoutLongest(1.0 / LoneProbes.LRU_BATCH).less(inARow.measurement().medianNs()));
        }
        costs.put(Cost.KERNEL_COLDER, lone.interruptedFaults().measurement().minus(cold));
    }

    /// The cost that a drain adds to a fault, for each folio of the batch.
    private static Measurement drain(Samples faults) {
        Measurement usual = faults.measurement();
        Measurement drains = new Measurement(faults.medianOfLongest(1.0 / LoneProbes.LRU_BATCH), usual.spreadNs());
        return drains.minus(usual).dividedBy(LoneProbes.LRU_BATCH);
    }

    /// The other work of this core while it is kept busy.
    private void watch() {
        Gaps others = new Gaps();
        others.watch(WATCH_NS);
        gaps.add(others);
    }

    /// Zapping a page clears its entry and frees the page. Where no other core can observe it, an entry costs as much as the zero page's,
    /// though that has no reverse map.
    private void measureZap(Probes probes, int core, int cores) {
        Measurement zapPte = cores > 1 ? zapPteWatched((core + 1) % cores) : Measurement.of(probes::dontneedZeroPage);
        costs.put(Cost.ZAP_PTE, zapPte);
        costs.put(Cost.PAGE_FREE, Measurement.of(probes::dontneedPage).minus(zapPte));
        costs.put(Cost.ZAP_SKIP, Measurement.of(probes::dontneedEmptyEntry).minus(cost(Cost.MADVISE).dividedBy(Probes.PAGES)));
        costs.put(Cost.FREE_PTE, Measurement.of(probes::freePageAgain));
        costs.put(Cost.LRU_MOVE, Measurement.of(probes::freePage).minus(cost(Cost.FREE_PTE)));
        costs.put(Cost.PTE_DIRTY, Measurement.of(probes::rewriteAfterFree).minus(Measurement.of(probes::rewrite)));
        costs.put(Cost.PROTECT_PTE, Measurement.of(probes::protectPage));
    }

    private static Measurement zapPteWatched(int other) {
        try (ZapProbe probe = new ZapProbe(other)) {
            return probe.zapPte();
        }
    }

    private void measureVmas(Probes probes) {
        Measurement mmap = Measurement.of(probes::mmap).minus(syscall());
        costs.put(Cost.MMAP, mmap);
        costs.put(Cost.BRK, mmap);
        costs.put(Cost.MUNMAP, Measurement.of(probes::munmap).minus(syscall()));
        Measurement mprotect = Measurement.of(probes::mprotect).minus(syscall());
        costs.put(Cost.MPROTECT, mprotect);
        costs.put(Cost.VMA_SPLIT, Measurement.of(probes::mprotectThatSplits).minus(syscall()).minus(mprotect).dividedBy(2));
        Measurement merge = Measurement.of(probes::mprotectThatMerges).minus(syscall()).minus(mprotect);
        costs.put(Cost.VMA_MERGE, merge);
        costs.put(Cost.VMA_EXPAND, merge);
    }

    /// A hand-over on one core = write and read + wake-up + switch.
    private void measureSwitches(int core) {
        try (PingPong pair = new PingPong(core)) {
            Measurement calls = Measurement.of(pair::withoutWaiting);
            costs.put(Cost.CONTEXT_SWITCH, Measurement.of(pair::handOver).minus(calls).minus(WAKE));
        }
    }

    /// A core that has just gone idle is woken without an interrupt until it has halted, as the waker's short calls show.
    private void measureWakes(int other) {
        try (WakeProbe probe = new WakeProbe(other)) {
            WakeProbe.Wakes halted = probe.after(LONG_ASLEEP_NS);
            Measurement interrupting = halted.paid().measurement();
            long longest = 0;
            Measurement turn = new Measurement(0, 0);
            Measurement shortCall = new Measurement(0, 0);
            for (long asleep = SHORT_ASLEEP_NS; asleep <= LONG_ASLEEP_NS; asleep += SHORT_ASLEEP_NS) {
                WakeProbe.Wakes wakes = probe.after(asleep);
                if (wakes.paid().measurement().medianNs() < interrupting.medianNs() / 2) {
                    longest = asleep;
                    shortCall = wakes.paid().measurement();
                    turn = wakes.latency().measurement().plus(asleep);
                }
            }
            double calls = probe.after(SHORT_ASLEEP_NS).latency().quantile(STILL_AWAKE);
            idleExits.add(probe.after(longest + JUST_HALTED_NS).latency().less(calls + cost(Cost.CONTEXT_SWITCH).medianNs()));
            costs.put(Cost.IDLE_ENTRY, new Measurement(longest, SHORT_ASLEEP_NS).minus(cost(Cost.CONTEXT_SWITCH)));
            costs.put(Cost.IDLE_TURN, turn.minus(cost(Cost.CONTEXT_SWITCH)).minus(cost(Cost.CONTEXT_SWITCH)));
            costs.put(Cost.WAKE_IDLE, interrupting.minus(longest > 0 ? shortCall : WAKE.plus(cost(Cost.SYSCALL).medianNs())));
        }
    }

    /// A flush interrupts another core that runs this address space: flush without it + sending + way + handler. The sending keeps its
    /// default; the handler is the time missing on the interrupted core.
    private void measureOtherCore(LoneProbes lone, int other) {
        Measurement alone = lone.flushes().measurement();
        try (InterruptProbe interrupt = new InterruptProbe(other)) {
            costs.put(Cost.INTERRUPT, interrupt.ofComputing());
            costs.put(Cost.INTERRUPT_IN_KERNEL, interrupt.ofFaulting(lone).minus(cost(Cost.INTERRUPT)));
        }
        flushWithoutWay = alone.medianNs() + Cost.IPI_SEND.defaultNs() + cost(Cost.INTERRUPT).medianNs();
        try (OtherCore _ = new OtherCore(other, Thread::onSpinWait)) {
            flushes.add(lone.flushes());
        }
    }

    public HostCosts costs() {
        Map<Cost, Long> medians = new EnumMap<>(Cost.class);
        costs.forEach((cost, measured) -> medians.put(cost, Math.round(measured.medianNs())));
        return new HostCosts(medians, spreads(), interruptions());
    }

    /// The costs that vary; on a host with one core none that need a second.
    private Map<Cost, Spread> spreads() {
        Map<Cost, Spread> spreads = new EnumMap<>(Cost.class);
        if (!coldEntries.isEmpty()) {
            spreads.put(Cost.KERNEL_COLD, Samples.spread(coldEntries, 0));
        }
        if (!flushes.isEmpty()) {
            spreads.put(Cost.IDLE_EXIT, Samples.spread(idleExits, 0));
            spreads.put(Cost.IPI_DELIVERY, Samples.spread(flushes, flushWithoutWay));
        }
        return spreads;
    }

    private Interruptions interruptions() {
        double[] perSecond = gaps.stream().mapToDouble(Gaps::perSecond).sorted().toArray();
        double usual = perSecond[(perSecond.length - 1) / 2];
        return usual == 0 ? Interruptions.NONE : new Interruptions(usual,
                Samples.spread(gaps.stream().map(Gaps::lengths).filter(lengths -> lengths.count() > 0).toList(), 0));
    }

    /// A sentence about the costs whose medians are unreliable, if there are any.
    public Optional<String> warning() {
        List<String> noisy = costs.entrySet().stream()
                .filter(cost -> cost.getValue().noise() > NOISY && cost.getValue().spreadNs() > SPREAD_NS_MIN)
                .map(cost -> cost.getKey().key())
                .toList();
        return noisy.isEmpty()
                ? Optional.empty()
                : Optional.of("This host was busy with other things, or is never steady: measurements lie far apart of "
                        + String.join(", ", noisy) + ".");
    }

    /// Kernel, architecture, and of each cost the median and how far apart measurements lie (ns), as JSON shall have them.
    public Map<String, Object> summary(HostKernel host) {
        Map<String, Object> measured = new LinkedHashMap<>();
        costs.forEach((cost, ns) -> measured.put(cost.key(), ns));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("kernel", host.release());
        summary.put("architecture", host.architecture().toString());
        summary.put("noisy", warning().isPresent());
        summary.put("costs", measured);
        spreads().forEach((cost, spread) -> summary.put(cost.key(), spread.values()));
        summary.put("interruptions", Map.of("perSecond", interruptions().perSecond(), "ns", interruptions().lasting().values()));
        return summary;
    }

    /// The `costs` section of a device file, each line with its spread and meaning.
    public String yaml(HostKernel host) {
        StringBuilder text = new StringBuilder("# Measured on Linux ").append(host.release()).append(" (").append(host.architecture())
                .append(").\n");
        text.append(
                "# ns, median; in brackets the spread of measurements. Costs not listed cannot be measured from user space and keep "
                + "their defaults.\n");
        text.append("costs:\n");
        Map<Cost, Spread> spreads = spreads();
        costs.forEach((cost, measured) -> text.append(spreads.containsKey(cost) ? "" : String.format(Locale.ROOT,
                "  %s: %d  # [%d] %s%n", cost.key(), Math.round(measured.medianNs()), Math.round(measured.spreadNs()), cost.meaning())));
        spreads.forEach((cost, spread) -> text.append(String.format(
                "  %s: \"%s\"  # %s; shortest, P10, P50, P90, P99, P99.9%n", cost.key(), spread, cost.meaning())));
        text.append(String.format(Locale.ROOT,
                "  interruptions.perSecond: %.0f  # on each busy core, from outside the simulation: ticks, devices, a hypervisor%n",
                interruptions().perSecond()));
        text.append(String.format("  interruptions.ns: \"%s\"%n", interruptions().lasting()));
        return text.toString();
    }
}
