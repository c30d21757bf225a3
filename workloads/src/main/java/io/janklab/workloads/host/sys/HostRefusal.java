package io.janklab.workloads.host.sys;

import java.util.Objects;

/// The host refuses a call that every comparison needs (a sandbox, a filter of system calls). The message is one plain sentence.
public final class HostRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HostRefusal(String sentence) {
        super(sentence);
    }

    /// The sentence.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
