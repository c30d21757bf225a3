package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import org.jspecify.annotations.Nullable;

/// One round of inter-processor interrupts that the sender waits for (Linux `smp_call_function_many`).
///
/// A core with interrupts disabled answers only once it has enabled them.
public final class Ipi implements PendingInterrupt {
    private final Task sender;
    private int unanswered;

    private Ipi(Task sender) {
        this.sender = sender;
    }

    /// Interrupts every other core in `targets` and waits, without giving up its own core, until all have answered.
    ///
    /// @param callback the work of the interrupted cores, for the trace
    /// @return how many cores were interrupted
    public static int send(Task sender, Scheduler scheduler, CostModel costs, CpuSet targets, String callback) {
        sender.settle();
        Interleaving.write(sender.interleaving(), Shared.INTERRUPT, -1, sender);
        if (sender.irqsDisabled()) {
            throw new KernelRuleBroken("kernel bug: " + sender + " waits for other cores with interrupts disabled");
        }
        sender.preemptDisable();
        long beganAt = sender.now();
        Ipi ipi = new Ipi(sender);
        int sent = 0;
        long answeredAt = beganAt;
        Cpu last = null;
        for (int id = 0; id < scheduler.cpuCount(); id++) {
            Cpu cpu = scheduler.cpu(id);
            if (targets.contains(id) && cpu != sender.cpu()) {
                sender.charge(costs.ns(Cost.IPI_SEND));
                long answer = ipi.reach(cpu, costs);
                if (answer > answeredAt) {
                    answeredAt = answer;
                    last = cpu;
                }
                sent++;
            }
        }
        sender.settle();
        ipi.awaitAnswers(last, answeredAt);
        sender.preemptEnable();
        scheduler.tracepoints().ipi(sender.now(), sender, sent, callback, beganAt);
        return sent;
    }

    /// @return when the core will have answered, if that is known already
    private long reach(Cpu cpu, CostModel costs) {
        if (cpu.deliverAtAnyTime(this)) {
            unanswered++;
            return 0;
        }
        if (cpu.irqsDisabled()) {
            cpu.hold(this);
            unanswered++;
            return 0;
        }
        return cpu.interrupt(costs.draw(Cost.IPI_DELIVERY, cpu.scheduler().ipiDelivery()), costs.ns(Cost.INTERRUPT));
    }

    /// @param last the core that answers last, at `time` unless it goes idle before; null if none is known to answer
    private void awaitAnswers(@Nullable Cpu last, long time) {
        long answeredAt = time;
        while (unanswered > 0 || sender.now() < answeredAt) {
            sender.spin(unanswered > 0 ? Long.MAX_VALUE : answeredAt);
            answeredAt = last == null ? time : last.answersAt(answeredAt);
        }
    }

    @Override
    public void answered() {
        unanswered--;
        sender.kick();
    }
}
