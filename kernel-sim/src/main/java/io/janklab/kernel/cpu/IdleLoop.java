package io.janklab.kernel.cpu;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;

/// Where an idle core is (Linux `do_idle`): it switches to the idle task, which polls for a task to run on its way to halting with
/// interrupts off; once halted, it has to be interrupted and restarted. An interrupt makes it begin again on its way to halting.
///
/// Times are virtual, in ns. Where the way costs nothing a core has halted as soon as it is idle.
final class IdleLoop {
    private final long switchNs;
    private final long entryNs;
    private final long turnNs;
    private long pollsFrom;
    private long haltsAt;
    /// When it has left the loop if it turns round.
    private long leftAt;

    IdleLoop(CostModel costs) {
        this.switchNs = costs.ns(Cost.CONTEXT_SWITCH);
        this.entryNs = costs.ns(Cost.IDLE_ENTRY);
        this.turnNs = costs.ns(Cost.IDLE_TURN);
    }

    void enter(long now) {
        pollsFrom = now + switchNs;
        haltsAt = now + entryNs;
        leftAt = now + turnNs;
    }

    long haltsAt() {
        return haltsAt;
    }

    boolean hasHalted(long now) {
        return now >= haltsAt;
    }

    /// Whether it will see for itself that there is a task to run.
    boolean isPolling(long now) {
        return now >= pollsFrom && now < haltsAt;
    }

    /// The cost of turning round on the way.
    long turn(long now) {
        return Math.max(0, leftAt - now);
    }

    /// An interrupt arrives, and is handled when the core would halt, or at once if it has.
    ///
    /// @return until when
    long interrupt(long arrival, long handlerNs) {
        long handled = Math.max(arrival, haltsAt) + handlerNs;
        handlesUntil(handled);
        return handled;
    }

    /// It handles an interrupt until then and goes back to halting, which takes no longer than the first time.
    void handlesUntil(long time) {
        pollsFrom = time;
        haltsAt = time + entryNs;
        leftAt = time + Math.max(0, turnNs - entryNs);
    }
}
