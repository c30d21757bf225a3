package io.janklab.workloads.recording.read;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.event.Event;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// A recording in a file, of any known format, plain or in a gzip or a zip (then its first file).
public final class Recording {
    private static final int SNIFFED = 1 << 16;

    private Recording() {}

    /// Reads `file` from beginning to end.
    ///
    /// @param events receives every event, in the order of their times
    /// @throws BadInput if there is no such file, it is of no known format, or it holds no event
    public static ReadReport read(Path file, Consumer<Event> events) {
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no recording '" + file + "'.");
        }
        try (InputStream in = unpacked(new BufferedInputStream(Files.newInputStream(file), 1 << 16), file)) {
            return read(file.toString(), in, events);
        } catch (ZipException | java.io.EOFException e) {
            throw new BadInput(file + " is a damaged archive: " + e.getMessage() + ".");
        } catch (IOException e) {
            throw new BadInput("the recording " + file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    /// Reads a recording that is not packed.
    ///
    /// @param name for the user
    static ReadReport read(String name, InputStream in, Consumer<Event> events) throws IOException {
        PushbackInputStream all = new PushbackInputStream(in, SNIFFED);
        byte[] first = all.readNBytes(SNIFFED);
        all.unread(first);
        RecordingFormat format = sniff(first);
        if (format == null) {
            throw new BadInput(name
                    + " is not a recording of a known format: ftrace text, systrace HTML, perf script, strace -f -ttt -T, or Perfetto"
                    + (isTraceDat(first) ? "; trace-cmd's own file is turned into text by: trace-cmd report -t " + name : "") + ".");
        }
        ReadReport report = new ReadReport(format);
        source(format).read(all, new Source.Output() {
            @Override
            public void accept(Event event) {
                report.count(event);
                events.accept(event);
            }

            @Override
            public ReadReport report() {
                return report;
            }
        });
        if (report.events() == 0) {
            throw new BadInput(name + " looks like " + format.label() + ", but holds no event that is known here.");
        }
        return report;
    }

    private static Source source(RecordingFormat format) {
        return switch (format) {
            case FTRACE, PERF_SCRIPT -> new FtraceText();
            case SYSTRACE -> new SystraceHtml();
            case STRACE -> new StraceLog();
            case PERFETTO -> new PerfettoTrace();
        };
    }

    private static InputStream unpacked(BufferedInputStream in, Path file) throws IOException {
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return new GZIPInputStream(in, 1 << 16);
        }
        if (magic.length == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4) {
            ZipInputStream zip = new ZipInputStream(in);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    return zip;
                }
            }
            throw new BadInput(file + " is an empty zip.");
        }
        return in;
    }

    private static boolean isTraceDat(byte[] first) {
        return new String(first, 0, Math.min(10, first.length), StandardCharsets.ISO_8859_1).contains("tracing");
    }

    /// The format of an input with that beginning; null if it is none.
    static RecordingFormat sniff(byte[] first) {
        if (first.length > 1 && first[0] == 0x0a && !looksLikeText(first)) {
            return RecordingFormat.PERFETTO;
        }
        String text = new String(first, StandardCharsets.ISO_8859_1);
        if (text.stripLeading().regionMatches(true, 0, "<!DOCTYPE html", 0, 14)) {
            return RecordingFormat.SYSTRACE;
        }
        if (!looksLikeText(first)) {
            return null;
        }
        return sniffText(text);
    }

    private static RecordingFormat sniffText(String text) {
        LineHead head = new LineHead();
        for (String line : text.split("\n")) {
            String whole = line.stripTrailing();
            if (head.parse(whole)) {
                return head.event.contains("sys_enter_") || whole.contains(":" + head.event + ":")
                        ? RecordingFormat.PERF_SCRIPT
                        : RecordingFormat.FTRACE;
            }
            if (whole.matches("(\\[pid +\\d+] |\\d+ +)?\\d{6,11}\\.\\d+ ([a-z0-9_]+\\(|<\\.\\.\\.|\\+\\+\\+|---).*")) {
                return RecordingFormat.STRACE;
            }
            if (whole.startsWith("# tracer:")) {
                return RecordingFormat.FTRACE;
            }
        }
        return null;
    }

    private static boolean looksLikeText(byte[] first) {
        int strange = 0;
        int looked = Math.min(first.length, 4_096);
        for (int i = 0; i < looked; i++) {
            int b = first[i] & 0xff;
            strange += b < 32 && b != '\n' && b != '\r' && b != '\t' ? 1 : 0;
        }
        return strange * 50 <= looked;
    }
}
