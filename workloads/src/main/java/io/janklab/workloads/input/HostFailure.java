package io.janklab.workloads.input;

import java.io.IOException;
import java.util.Optional;

/// What a host does not allow or cannot do, such as to write on a full disk, whichever library found out.
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
