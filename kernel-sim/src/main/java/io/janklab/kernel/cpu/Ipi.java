package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;

/// Inter-processor interrupts that the sender waits for (Linux `on_each_cpu_mask`, `smp_call_function_many`).
public final class Ipi {
    private Ipi() {}

    /// Interrupts every other core in `targets` and waits, without giving up its own core, until all have answered.
    ///
    /// @return how many cores were interrupted
    public static int send(Task sender, Scheduler scheduler, CostModel costs, CpuSet targets) {
        sender.settle();
        sender.preemptDisable();
        int sent = 0;
        long answered = sender.now();
        for (int id = 0; id < scheduler.cpuCount(); id++) {
            Cpu cpu = scheduler.cpu(id);
            if (targets.contains(id) && cpu != sender.cpu()) {
                sender.charge(costs.ns(Cost.IPI_SEND));
                answered = Math.max(answered, cpu.interrupt(costs.ns(Cost.INTERRUPT)));
                sent++;
            }
        }
        sender.settle();
        while (sender.now() < answered) {
            sender.spin(answered);
        }
        sender.preemptEnable();
        return sent;
    }
}
