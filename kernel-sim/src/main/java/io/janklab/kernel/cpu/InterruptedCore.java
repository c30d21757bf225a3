package io.janklab.kernel.cpu;

/// A core as the sources of its interrupts see it.
interface InterruptedCore {
    int id();

    boolean isIdle();

    boolean irqsDisabled();

    /// An interrupt that cannot be taken now; it is answered when interrupts are enabled again.
    void hold(PendingInterrupt interrupt);

    /// An interrupt arrives now, whose handler runs for `ns`.
    void interruptFor(long ns);

    /// A tick asks the current task to leave.
    void tick();
}
