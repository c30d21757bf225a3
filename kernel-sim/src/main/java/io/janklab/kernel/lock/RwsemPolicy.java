package io.janklab.kernel.lock;

/// How waiters of an rw_semaphore are ordered and whether they help its holders. Only the first is a kernel; the others are what-ifs.
public enum RwsemPolicy {
    /// Linux: first come first served, nobody is helped.
    LINUX("linux"),
    /// A vendor hook (`android_vh_alter_rwsem_list_add` and its kin): a more urgent writer queues ahead of less urgent waiters unless
    /// the first has waited over 5 s, and lends its priority to a **writer** that holds the lock; readers, whom the lock cannot name,
    /// are not helped.
    WRITER_BOOST("writer-boost"),
    /// Priority inheritance: waiters queue by priority and lend theirs to every holder, readers included, along the chain.
    INHERIT("inherit");

    private final String label;

    RwsemPolicy(String label) {
        this.label = label;
    }

    /// The policy of that label.
    ///
    /// @throws IllegalArgumentException if there is none
    public static RwsemPolicy byLabel(String label) {
        for (RwsemPolicy policy : values()) {
            if (policy.label.equals(label)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("no rwsem policy '" + label + "'");
    }
}
