package io.janklab.kernel.trace;

/// How a lock is held or wanted. Exclusive locks are always in [#WRITE].
public enum LockMode {
    READ("read"),
    WRITE("write");

    private final String label;

    LockMode(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
