package io.janklab.kernel.cpu;

/// Kernel code broke a rule of the kernel (lock order, sleep in atomic context, use after free, …): a defect of the simulator or of a
/// deliberately broken kernel, never of the simulated program.
public class KernelRuleBroken extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public KernelRuleBroken(String message) {
        super(message);
    }
}
