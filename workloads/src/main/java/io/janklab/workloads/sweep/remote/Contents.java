package io.janklab.workloads.sweep.remote;

import java.io.IOException;
import java.io.OutputStream;

/// What a file is to hold.
@FunctionalInterface
public interface Contents {
    void writeTo(OutputStream out) throws IOException;
}
