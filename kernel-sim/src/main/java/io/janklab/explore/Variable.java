package io.janklab.explore;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;

/// A number that the tasks of a program share without a lock: others may go before each access, and accesses have one order for all
/// tasks (sequential consistency).
public final class Variable {
    /// Numbers below are the kernel's.
    private static final long FIRST_ID = 1;

    private final Interleaving interleaving;
    private final long id;
    private final String name;
    private long value;

    Variable(Kernel kernel, int number, String name, long value) {
        this.interleaving = kernel.scheduler().interleaving();
        this.id = FIRST_ID + number;
        this.name = name;
        this.value = value;
    }

    public long get() {
        Interleaving.read(interleaving, Shared.VARIABLE, id, this);
        return value;
    }

    public void set(long newValue) {
        Interleaving.write(interleaving, Shared.VARIABLE, id, this);
        value = newValue;
    }

    /// Adds in one step.
    ///
    /// @return the value before
    public long getAndAdd(long addend) {
        Interleaving.write(interleaving, Shared.VARIABLE, id, this);
        long old = value;
        value += addend;
        return old;
    }

    @Override
    public String toString() {
        return name;
    }
}
