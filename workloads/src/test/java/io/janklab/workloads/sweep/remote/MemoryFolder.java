package io.janklab.workloads.sweep.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// A remote folder of the test's own, which can break off in the middle of a file.
final class MemoryFolder implements RemoteFolder {
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private int mostFiles;
    private int puts;
    /// How many more bytes can be written before it breaks; negative for ever.
    private long bytesLeft = -1;

    synchronized void breakAfter(long bytes) {
        bytesLeft = bytes;
    }

    synchronized int mostFiles() {
        return mostFiles;
    }

    /// How often a file was written.
    synchronized int puts() {
        return puts;
    }

    synchronized byte[] bytes(String name) {
        return files.get(name);
    }

    @Override
    public synchronized List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public void fetch(String name, Path to) throws IOException {
        Files.write(to, bytes(name));
    }

    @Override
    public synchronized void put(FileContents contents, String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        contents.writeTo(out);
        byte[] bytes = out.toByteArray();
        boolean breaks = bytesLeft >= 0 && bytes.length > bytesLeft;
        files.put(name, breaks ? Arrays.copyOf(bytes, (int) bytesLeft) : bytes);
        puts++;
        mostFiles = Math.max(mostFiles, files.size());
        if (breaks) {
            throw new IOException("broken off");
        }
        bytesLeft = bytesLeft < 0 ? bytesLeft : bytesLeft - bytes.length;
    }

    @Override
    public synchronized void delete(String name) {
        files.remove(name);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "memory:/sweep";
    }
}
