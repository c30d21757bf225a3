package io.janklab.kernel.check;

import io.janklab.kernel.cpu.KernelRuleBroken;
import java.util.List;

/// The kernel's own structures contradict each other.
public final class KernelBug extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    public KernelBug(List<String> violations) {
        super("kernel bug:\n  " + String.join("\n  ", violations));
    }
}
