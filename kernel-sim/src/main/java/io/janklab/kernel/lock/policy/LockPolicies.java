package io.janklab.kernel.lock.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The built-in policies, by name: the values of the switch `rwsem.policy`.
public final class LockPolicies {
    private static final Map<String, Supplier<LockPolicy>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("linux", Linux::new);
        ALL.put("reader-spin", ReaderSpin::new);
        ALL.put("writer-boost", WriterBoost::new);
        ALL.put("inherit", Inherit::new);
        ALL.put("phase-fair", PhaseFair::new);
        ALL.put("bounded-bypass", BoundedBypass::new);
        ALL.put("proxy", Proxy::new);
        ALL.put("downgrade-on-fault", DowngradeOnFault::new);
        ALL.put("retry-under-vma-lock", RetryUnderVmaLock::new);
        ALL.put("speculative", Speculative::new);
    }

    private LockPolicies() {}

    /// A fresh policy of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static LockPolicy byName(String name) {
        Supplier<LockPolicy> policy = ALL.get(name);
        if (policy == null) {
            throw new IllegalArgumentException("there is no lock policy '" + name + "'; there is " + String.join(", ", ALL.keySet()));
        }
        return policy.get();
    }
}
