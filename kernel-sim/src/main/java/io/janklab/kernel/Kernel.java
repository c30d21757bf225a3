package io.janklab.kernel;

import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.AddressSpaces;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A simulated Linux machine: hardware, a kernel of some profile, and the costs of its work.
public final class Kernel {
    /// The process of the kernel's own tasks.
    public static final int KERNEL_TGID = 0;

    private final Simulation simulation;
    private final Tracepoints tracepoints;
    private final Scheduler scheduler;
    private final MemoryManager memory;
    private final AddressSpaces addressSpaces;
    private final List<Process> processes = new ArrayList<>();

    public Kernel(Simulation simulation, Hardware hardware, KernelProfile profile, CostModel costs) {
        this(simulation, hardware, profile, costs, Interleaving.NONE);
    }

    /// A machine whose tasks report each access to shared state to `interleaving`.
    public Kernel(Simulation simulation, Hardware hardware, KernelProfile profile, CostModel costs, Interleaving interleaving) {
        this.simulation = simulation;
        this.tracepoints = new Tracepoints(simulation.digest());
        this.scheduler = new Scheduler(simulation, tracepoints, hardware, costs, profile.is(Switch.PREEMPT, SwitchValue.FULL),
                interleaving);
        this.memory = new MemoryManager(hardware, scheduler, new Rcu(simulation, interleaving), tracepoints, costs, profile);
        this.addressSpaces = new AddressSpaces(memory);
        scheduler.spawn(scheduler.newTid(), KERNEL_TGID, "kswapd0", "kernel", TaskAttributes.normal(0), addressSpaces::kswapd);
    }

    /// A new process with an empty address space and no thread yet.
    public Process createProcess(String name) {
        Process process = new Process(this, scheduler.newTid(), name);
        adopt(process);
        return process;
    }

    void adopt(Process process) {
        processes.add(process);
    }

    void forget(Process process) {
        processes.remove(processes.lastIndexOf(process));
    }

    /// Lets virtual time pass until `until` (ns).
    ///
    /// @throws io.janklab.kernel.cpu.TaskFailure whatever simulated code has thrown
    public void run(long until) {
        try {
            simulation.run(until);
        } catch (KernelRuleBroken e) {
            throw scheduler.failureOutsideTasks(e);
        }
    }

    public Simulation simulation() {
        return simulation;
    }

    public Tracepoints tracepoints() {
        return tracepoints;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public MemoryManager memory() {
        return memory;
    }

    public AddressSpaces addressSpaces() {
        return addressSpaces;
    }

    /// Those whose address space has not been torn down, in order of creation.
    public List<Process> processes() {
        return Collections.unmodifiableList(processes);
    }
}
