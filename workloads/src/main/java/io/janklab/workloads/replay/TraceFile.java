package io.janklab.workloads.replay;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The text of a trace: a plain file, or the one member of a zip, as AOSP ships them.
final class TraceFile implements AutoCloseable {
    private static final int HEAD_BYTES = 4096;
    private static final int ZIP_MAGIC = 0x504B0304;

    private final String name;
    private final InputStream text;
    private final @Nullable ZipFile zip;
    private final @Nullable ZipEntry member;
    private final CRC32 checksum = new CRC32();

    private TraceFile(String name, InputStream text, @Nullable ZipFile zip, @Nullable ZipEntry member) {
        this.name = OneLine.of(name);
        this.zip = zip;
        this.member = member;
        this.text = zip == null ? text : new CheckedInputStream(text, checksum);
    }

    /// @throws BadInput if there is no such file, or it is a zip that is damaged or holds not exactly one file
    static TraceFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new BadInput("there is no trace file " + path + ".");
        }
        try {
            rejectOtherKinds(path);
            return isZip(path) ? openZip(path) : new TraceFile(path.getFileName().toString(), Files.newInputStream(path), null, null);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /// For traces of other kinds the message names the kind, and the command that takes them.
    private static void rejectOtherKinds(Path path) throws IOException {
        String head;
        try (InputStream in = Files.newInputStream(path)) {
            head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
        }
        String kind = null;
        if (head.startsWith("\n") && !head.matches("(?s)\\s*\\d+:.*")
                || path.toString().endsWith(".perfetto-trace")
                || path.toString().endsWith(".pftrace")) {
            kind = "a Perfetto trace";
        } else if (head.stripLeading().regionMatches(true, 0, "<!doctype html", 0, "<!doctype html".length())) {
            kind = "a systrace page";
        } else if (head.startsWith("# tracer:") || head.contains("sched_switch:")) {
            kind = "the text of an ftrace or systrace recording";
        }
        if (kind != null) {
            throw new BadInput(OneLine.of(path.toString()) + " is " + kind
                    + ", not a heap's allocation trace: janklab compare --recording replays it.");
        }
    }

    private static boolean isZip(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            int magic = 0;
            for (byte b : in.readNBytes(Integer.BYTES)) {
                magic = magic << Byte.SIZE | (b & 0xFF);
            }
            return magic == ZIP_MAGIC;
        }
    }

    private static TraceFile openZip(Path path) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (IOException e) {
            throw new BadInput("the zip file " + path + " is truncated or damaged (" + e.getMessage() + ").");
        }
        List<? extends ZipEntry> files = zip.stream().filter(entry -> !entry.isDirectory()).toList();
        if (files.size() != 1) {
            zip.close();
            throw new BadInput("the zip file " + path + " should hold one trace, but holds " + files.size() + " files.");
        }
        ZipEntry member = files.getFirst();
        return new TraceFile(member.getName(), zip.getInputStream(member), zip, member);
    }

    private static BadInput unreadable(Path path, IOException e) {
        return new BadInput("the trace file " + path + " cannot be read (" + e.getMessage() + ").");
    }

    /// The name used in messages: the zip's member, or the file itself.
    String name() {
        return name;
    }

    /// Reads into `buffer` from `offset` on; returns how many bytes, or −1 at the end.
    ///
    /// @throws BadInput if the file ends early or cannot be read
    int read(byte[] buffer, int offset) {
        try {
            int got = text.read(buffer, offset, buffer.length - offset);
            if (got < 0 && zip != null && member != null && checksum.getValue() != member.getCrc()) {
                throw new BadInput("the zip member " + name + " is damaged: its checksum does not match.");
            }
            return got;
        } catch (IOException e) {
            throw new BadInput("the trace " + name + " is truncated or damaged (" + e.getMessage() + ").");
        }
    }

    @Override
    public void close() {
        try (ZipFile _ = zip) {
            text.close();
        } catch (IOException e) {
            throw new BadInput("the trace " + name + " cannot be closed (" + e.getMessage() + ").");
        }
    }
}
