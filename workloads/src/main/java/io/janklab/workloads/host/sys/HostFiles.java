package io.janklab.workloads.host.sys;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// Information of the host's kernel in files of `/proc` and `/sys`.
public final class HostFiles {
    private static final int LARGEST = 1 << 20;

    private HostFiles() {}

    /// The file's text, unpacked if it is compressed; empty if it cannot be read.
    public static String text(String path) {
        try (InputStream file = Files.newInputStream(Path.of(path));
                InputStream in = path.endsWith(".gz") ? new GZIPInputStream(file) : file) {
            // One large read first: a sysctl returns its value to the first read alone.
            return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// Of `always [madvise] never`, the one in brackets; the whole text if none is.
    public static String chosen(String path) {
        String text = text(path);
        int begin = text.indexOf('[');
        int end = text.indexOf(']');
        return begin < 0 || end < begin ? text : text.substring(begin + 1, end);
    }

    /// Whether this process has the capability (`include/uapi/linux/capability.h`) in effect.
    public static boolean hasCapability(int number) {
        return text("/proc/self/status").lines()
                .filter(line -> line.startsWith("CapEff:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).trim(), 16) >>> number & 1) != 0);
    }
}
