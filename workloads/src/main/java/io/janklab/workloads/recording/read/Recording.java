package io.janklab.workloads.recording.read;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Packed;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// A recording in a file, of any known format, plain or in a gzip or a zip (then its first file that is one).
public final class Recording {
    private static final int SNIFFED = 1 << 16;
    private static final int BUFFER = 1 << 16;
    /// A gzip in a zip in a gzip.
    private static final int DEEPEST = 3;
    private static final int MOST_NAMES = 3;

    private final Path file;
    private final Consumer<RecordedEvent> events;

    private Recording(Path file, Consumer<RecordedEvent> events) {
        this.file = file;
        this.events = events;
    }

    /// Reads `file` from beginning to end, on a thread of its own.
    ///
    /// @param events receives every event in this thread, in the order of their times
    /// @throws BadInput if there is no such file, it is of no known format, or it holds no event
    public static ReadReport read(Path file, Consumer<RecordedEvent> events) {
        if (!Files.exists(file)) {
            throw new BadInput("there is no recording '" + file + "'.");
        }
        List<ReadReport> report = new ArrayList<>();
        Ahead.read(give -> report.add(new Recording(file, give).read()), events);
        return report.getFirst();
    }

    /// Reads `in` in this thread.
    ///
    /// @param name for the user
    static ReadReport read(String name, InputStream in, Consumer<RecordedEvent> events) throws IOException {
        return new Recording(Path.of(name), events).read(in);
    }

    private ReadReport read() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            return read(in);
        } catch (ZipException | EOFException e) {
            throw new BadInput(file + " is a damaged archive: " + e.getMessage() + ".");
        } catch (IOException e) {
            throw new BadInput("the recording " + file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    private ReadReport read(InputStream in) throws IOException {
        PushbackInputStream all = new PushbackInputStream(in, SNIFFED);
        byte[] first = all.readNBytes(SNIFFED);
        all.unread(first);
        ReadReport report = unpacked(all, first, 0);
        if (report == null) {
            throw new BadInput(file + Sniffer.refusal(first));
        }
        return report;
    }

    private @Nullable ReadReport unpacked(InputStream in, int depth) throws IOException {
        PushbackInputStream all = new PushbackInputStream(in, SNIFFED);
        byte[] first = all.readNBytes(SNIFFED);
        all.unread(first);
        return unpacked(all, first, depth);
    }

    /// Reads what may be packed; null if it is no recording.
    ///
    /// @param first what it begins with
    private @Nullable ReadReport unpacked(InputStream all, byte[] first, int depth) throws IOException {
        if (depth < DEEPEST && Packed.isGzip(first)) {
            ReadReport report = unpacked(new GZIPInputStream(all, BUFFER), depth + 1);
            if (report == null && depth == 0) {
                throw new BadInput(file + " is packed by gzip, and what is in it is no recording of a known format.");
            }
            return report;
        }
        if (depth < DEEPEST && Packed.isZip(first)) {
            return zipped(new ZipInputStream(all), depth);
        }
        if (depth == 0) {
            try (Converter unpacking = Converter.unpacking(first, file)) {
                if (unpacking != null) {
                    ReadReport report = unpacked(unpacking.text(), 1);
                    unpacking.check();
                    if (report == null) {
                        throw new BadInput(file + " is packed by " + Sniffer.packer(first) + ", and what is in it is no recording of a "
                                + "known format.");
                    }
                    return report;
                }
            }
            try (Converter converter = Converter.of(first, file)) {
                if (converter != null) {
                    ReadReport report = plain(Sniffer.isPerfData(first) ? RecordingFormat.PERF_SCRIPT : RecordingFormat.FTRACE,
                            converter.text());
                    converter.check();
                    return checked(report);
                }
            }
        }
        RecordingFormat format = Sniffer.format(first);
        return format == null ? null : checked(plain(format, all));
    }

    private @Nullable ReadReport zipped(ZipInputStream zip, int depth) throws IOException {
        List<String> names = new ArrayList<>();
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (!entry.isDirectory() && !entry.getName().startsWith("__MACOSX/")) {
                ReadReport report = unpacked(zip, depth + 1);
                if (report != null) {
                    return report;
                }
                names.add(entry.getName());
            }
        }
        if (depth == 0) {
            throw new BadInput(names.isEmpty() ? file + " is an empty zip."
                    : file + " is a zip without a recording of a known format: it has "
                            + String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                            + (names.size() > MOST_NAMES ? " and others" : "") + ".");
        }
        return null;
    }

    private ReadReport checked(ReadReport report) {
        if (report.events() == 0) {
            throw new BadInput(file + " looks like " + report.format().label() + ", but holds no event that is known here."
                    + report.firstWarning());
        }
        String obstacle = report.obstacle();
        if (obstacle != null) {
            throw new BadInput(file + " " + obstacle);
        }
        return report;
    }

    private ReadReport plain(RecordingFormat format, InputStream in) throws IOException {
        ReadReport report = new ReadReport(format);
        source(format).read(in, new Source.Output() {
            @Override
            public void accept(RecordedEvent event) {
                report.count(event);
                events.accept(event);
            }

            @Override
            public ReadReport report() {
                return report;
            }
        });
        return report;
    }

    private static Source source(RecordingFormat format) {
        return switch (format) {
            case FTRACE, PERF_SCRIPT -> new FtraceText();
            case SYSTRACE -> new SystraceHtml();
            case STRACE -> new StraceLog();
            case PERFETTO -> new PerfettoReader();
        };
    }
}
