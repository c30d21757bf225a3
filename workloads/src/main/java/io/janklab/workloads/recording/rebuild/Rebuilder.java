package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.Workload;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes a [Workload] from events, as they come: each kind has its rules.
public final class Rebuilder implements Consumer<RecordedEvent> {
    /// The cost of an event in the kernel's ring buffer to the thread that causes it, where the recording does not say: a mmap and munmap
    /// pair took 5.7 µs with them, 4.4 without (Linux 6.18 on x86-64).
    public static final long DEFAULT_EVENT_COST_NS = 250;

    private final Ledger ledger;
    private final RecordedThreads threads;
    private final ModelledMemory modelled = new ModelledMemory();
    private final SchedulerRules scheduler;
    private final FaultRules faults;
    private final CallRules calls;
    private final LockRules locks;
    private final FrameRules frames;
    private final SliceRules slices;

    /// @param eventCostNs the cost of each event to the thread that caused it
    /// @param operation a call or a slice whose latency is asked for; null for none
    /// @param capacities of the recorded machine's cores, 1024 for the fastest; cores it does not have count as such
    public Rebuilder(String name, long eventCostNs, @Nullable String operation, int... capacities) {
        ledger = new Ledger(eventCostNs, capacities);
        ledger.workload.name = name;
        threads = new RecordedThreads(ledger);
        scheduler = new SchedulerRules(ledger, threads, modelled);
        faults = new FaultRules(ledger, threads);
        calls = new CallRules(ledger, threads, faults, operation);
        locks = new LockRules(ledger, threads);
        frames = new FrameRules(ledger.workload);
        slices = new SliceRules(ledger, threads, frames, operation);
    }

    @Override
    public void accept(RecordedEvent event) {
        if (event.ns() >= 0) {
            ledger.arriveAt(event.ns());
        }
        switch (event) {
            case RecordedEvent.Switch e -> scheduler.schedSwitch(e);
            case RecordedEvent.Waking e -> scheduler.waking(e);
            case RecordedEvent.Blocked e -> scheduler.blocked(e);
            case RecordedEvent.Frequency e -> scheduler.sees(e.cpu());
            case RecordedEvent.CallEnter e -> calls.enter(e);
            case RecordedEvent.CallExit e -> calls.exit(e);
            case RecordedEvent.Fault e -> faults.fault(e);
            case RecordedEvent.MmapLock e -> locks.mmapLock(e);
            case RecordedEvent.Contention e -> locks.contention(e);
            case RecordedEvent.NewTask e -> threads.newTask(e);
            case RecordedEvent.Exec e -> exec(e);
            case RecordedEvent.Exit e -> threads.exit(e);
            case RecordedEvent.Rename e -> threads.name(e.tid(), e.name());
            case RecordedEvent.ThreadOf e -> threads.threadOf(e);
            case RecordedEvent.ProcessName e -> ledger.workload.process(e.tgid()).name = OneLine.of(e.name());
            case RecordedEvent.Mapping e -> threads.mapping(e);
            case RecordedEvent.SliceBegin e -> slices.begin(e);
            case RecordedEvent.SliceEnd e -> slices.end(e);
            case RecordedEvent.FunctionEnter e -> slices.enter(e);
            case RecordedEvent.FunctionReturn e -> slices.leave(e);
            case RecordedEvent.Frame e -> frames.timeline(e, ledger.origin());
            case RecordedEvent.Rss e -> rss(e);
            case RecordedEvent.Machine e -> machine(e);
            case RecordedEvent.EventCost e -> ledger.eventCost(e.costNs());
            case RecordedEvent.ProbeCost e -> slices.probeCost(e.costNs());
            case RecordedEvent.Lost e -> ledger.gap("events lost", Math.max(1, e.events()));
        }
    }

    private void exec(RecordedEvent.Exec e) {
        threads.exec(e);
        faults.endExec(threads.track(e.tid()));
    }

    private void rss(RecordedEvent.Rss e) {
        if (e.tid() > 0 && e.current() && !ledger.workload.hasFaults) {
            modelled.rss(threads.track(e.tid()), e);
        }
    }

    /// A recording may tell it in parts.
    private void machine(RecordedEvent.Machine e) {
        Workload workload = ledger.workload;
        workload.release = e.release().isEmpty() ? workload.release : e.release();
        workload.architecture = e.architecture().isEmpty() ? workload.architecture : e.architecture();
        workload.cpus = Math.max(workload.cpus, e.cpus());
        workload.memoryBytes = e.memoryBytes() > 0 ? e.memoryBytes() : workload.memoryBytes;
        workload.preemption = e.preemption().isEmpty() ? workload.preemption : e.preemption();
    }

    /// The workload of all events so far. No event may follow.
    public Workload finish() {
        Workload workload = ledger.workload;
        workload.durationNs = ledger.now();
        workload.cpus = workload.cpus == 0 ? scheduler.cpus() : workload.cpus;
        workload.preemption = workload.preemption.isEmpty() ? scheduler.preemption() : workload.preemption;
        workload.faultNs = faults.costNs();
        threads.finish();
        modelled.finish(workload);
        frames.finish();
        ledger.finish();
        return workload;
    }
}
