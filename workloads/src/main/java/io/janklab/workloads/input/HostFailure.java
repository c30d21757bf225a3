package io.janklab.workloads.input;

import java.io.IOException;
import java.util.Optional;

/// An operation that the host does not allow or cannot do, such as a write to a full disk, whichever library reports it.
public final class HostFailure {
    private HostFailure() {}

    /// In a few words, `/out/a.json: No space left on device`; nothing if `failure` has another cause.
    public static Optional<String> reason(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return Optional.ofNullable(cause).map(io -> io.getMessage() == null ? FileTrouble.inWords((IOException) io) : io.getMessage());
    }
}
