package io.janklab.workloads.sweep.remote;

import java.io.IOException;
import java.io.OutputStream;

/// The contents of a file.
@FunctionalInterface
public interface FileContents {
    void writeTo(OutputStream out) throws IOException;
}
