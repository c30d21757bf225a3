package io.janklab.kernel.config;

import org.jspecify.annotations.Nullable;

/// The kernel versions that have a profile, oldest first.
public enum KernelVersion {
    V6_1("6.1"),
    V6_6("6.6"),
    V6_12("6.12"),
    V6_14("6.14"),
    V6_17("6.17"),
    V6_19("6.19"),
    V7_0("7.0"),
    V7_2("7.2");

    private final String label;

    KernelVersion(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    boolean since(KernelVersion other) {
        return compareTo(other) >= 0;
    }

    /// The version of that label, or null.
    public static @Nullable KernelVersion byLabel(String label) {
        for (KernelVersion version : values()) {
            if (version.label.equals(label)) {
                return version;
            }
        }
        return null;
    }
}
