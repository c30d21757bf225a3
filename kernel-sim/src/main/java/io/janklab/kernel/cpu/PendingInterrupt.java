package io.janklab.kernel.cpu;

/// An interrupt on its way to a core, or held there while interrupts are disabled.
interface PendingInterrupt {
    /// The core has taken it.
    void answered();
}
