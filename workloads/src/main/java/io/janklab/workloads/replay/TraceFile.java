package io.janklab.workloads.replay;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.input.Packed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The text of a trace: a plain file, or the one member of a zip, as AOSP ships them.
final class TraceFile implements AutoCloseable {
    private static final int HEAD_BYTES = 4096;

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
            try (InputStream in = Files.newInputStream(path)) {
                rejectOtherKinds(path.toString(), in);
            }
            return isZip(path) ? openZip(path) : new TraceFile(path.getFileName().toString(), Files.newInputStream(path), null, null);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /// For traces of other kinds, also gzipped, the message names the kind, and the command that takes them.
    private static void rejectOtherKinds(String path, InputStream in) throws IOException {
        byte[] first = in.readNBytes(HEAD_BYTES);
        boolean isGzip = Packed.isGzip(first);
        String head = isGzip ? unzipped(first) : new String(first, StandardCharsets.ISO_8859_1);
        String kind = isGzip ? "a gzip" : null;
        if (head.startsWith("\n") && !head.matches("(?s)\\s*\\d+:.*") || path.endsWith(".perfetto-trace") || path.endsWith(".pftrace")) {
            kind = "a Perfetto trace";
        } else if (head.stripLeading().regionMatches(true, 0, "<!doctype html", 0, "<!doctype html".length())) {
            kind = "a systrace page";
        } else if (head.startsWith("# tracer:") || head.contains("sched_switch:")) {
            kind = "the text of an ftrace or systrace recording";
        }
        if (kind != null) {
            throw new BadInput(OneLine.of(path) + " is " + kind + ", not a heap's allocation trace"
                    + (kind.equals("a gzip") ? ", which is a zip or text." : ": janklab compare --recording replays it."));
        }
    }

    /// As much as can be had of a gzip that is cut off.
    private static String unzipped(byte[] gzip) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            for (int octet = in.read(); octet >= 0 && out.size() < HEAD_BYTES; octet = in.read()) {
                out.write(octet);
            }
        } catch (IOException e) {
            // It goes on where the head ends.
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean isZip(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Packed.isZip(in.readNBytes(Integer.BYTES));
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
        try (InputStream in = zip.getInputStream(member)) {
            rejectOtherKinds(member.getName(), in);
        } catch (BadInput e) {
            zip.close();
            throw e;
        }
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
