package io.janklab.workloads.sweep.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A folder elsewhere. Its files are written from their beginning to their end, and never changed.
public interface RemoteFolder extends AutoCloseable {
    /// Whether that is the address of such a folder, and not a path of this host's.
    static boolean isAddress(String out) {
        return out.matches("[a-z][a-z0-9+.-]+:/.*");
    }

    /// Names of the files in it, sorted; none if it does not exist yet.
    List<String> names() throws IOException;

    /// Copies one of its files here.
    void fetch(String name, Path to) throws IOException;

    /// Writes a file in place of any other of that name.
    void put(FileContents contents, String name) throws IOException;

    /// Deletes a file; does nothing if it does not exist.
    void delete(String name) throws IOException;

    @Override
    void close();

    /// Its address, as the user gave it.
    @Override
    String toString();
}
