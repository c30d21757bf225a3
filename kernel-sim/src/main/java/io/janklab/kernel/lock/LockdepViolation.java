package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TracedLock;

/// Our own kernel code broke a locking rule: a defect of the simulator, never of the simulated program.
public final class LockdepViolation extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    LockdepViolation(String rule, Task task, TracedLock lock) {
        super(rule + ": " + task + " wants " + lock.lockClass().label() + " " + lock.name() + " and holds " + task.held());
    }
}
