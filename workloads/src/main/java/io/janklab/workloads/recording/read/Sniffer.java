package io.janklab.workloads.recording.read;

import io.janklab.workloads.input.Packed;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tells what a file is by its beginning.
final class Sniffer {
    private static final Pattern STRACE = Pattern.compile(
            "(\\[pid +\\d+] +|\\d+ +)? *(\\d+\\.\\d+|\\d+:\\d\\d:\\d\\d(\\.\\d+)?) (\\[ *[0-9a-f?]+] )*"
                    + "([a-z0-9_]+\\(|<\\.\\.\\.|\\+\\+\\+|---).*");
    private static final Pattern STRACE_WITHOUT_TIMES = Pattern.compile(
            "(\\[pid +\\d+] +|\\d+ +)?[a-z][a-z0-9_]*\\(.*\\) += (-?\\d|0x).*");
    private static final Pattern PERF_EVENT = Pattern.compile(
            ".*\\b([a-z_]+:[a-z][a-z0-9_]+|(page|minor|major)-faults)(:[a-zA-Z]+)?:(\\s.*)?");
    private static final Pattern PERFETTO_TEXT = Pattern.compile("packet:? *\\{");
    private static final Pattern PERF_TRACE = Pattern.compile("\\d+\\.\\d+ \\(( *\\d+\\.\\d+ ms)? *\\): .+/\\d+ .*");
    private static final Map<String, String> PACKERS = Map.of(
            "\u00fd7zXZ", "xz", "(\u00b5/\u00fd", "zstd", "BZh", "bzip2", "7z\u00bc\u00af", "7-Zip", "\u0004\"M\u0018",
            "lz4", "Rar!", "rar");
    private static final Set<String> STREAMS = Set.of("zstd", "xz", "bzip2", "lz4");
    private static final int USTAR = 257;
    private static final int LOOKED = 4_096;

    private Sniffer() {}

    /// The tool that has packed a file; null if it is none of those that read what they pack by `-dc`.
    static @Nullable String packer(byte[] first) {
        for (Map.Entry<String, String> packer : PACKERS.entrySet()) {
            if (STREAMS.contains(packer.getValue()) && Packed.begins(first, packer.getKey())) {
                return packer.getValue();
            }
        }
        return null;
    }

    /// trace-cmd's `trace.dat`.
    static boolean isTraceDat(byte[] first) {
        return Packed.begins(first, "\u0017\bDtracing");
    }

    /// perf's `perf.data`.
    static boolean isPerfData(byte[] first) {
        return Packed.begins(first, "PERFILE2");
    }

    private static String text(byte[] first, int most) {
        return new String(first, 0, Math.min(first.length, most), StandardCharsets.ISO_8859_1);
    }

    /// The format of an input with that beginning; null if it is none.
    static @Nullable RecordingFormat format(byte[] first) {
        if (first.length > 1 && first[0] == 0x0a && hasControls(first)) {
            return RecordingFormat.PERFETTO;
        }
        String text = text(first, first.length);
        String body = Packed.begins(first, Lines.BYTE_ORDER_MARK) ? text.substring(Lines.BYTE_ORDER_MARK.length()) : text;
        if (body.stripLeading().regionMatches(true, 0, "<!DOCTYPE html", 0, 14)) {
            return RecordingFormat.SYSTRACE;
        }
        return looksLikeText(first) ? formatOfText(body) : null;
    }

    private static @Nullable RecordingFormat formatOfText(String text) {
        LineHead head = new LineHead();
        for (String line : text.split("\n")) {
            String whole = line.stripTrailing();
            if (head.parse(whole)) {
                return head.event.contains("sys_enter_") || whole.contains(":" + head.event + ":")
                        ? RecordingFormat.PERF_SCRIPT
                        : RecordingFormat.FTRACE;
            }
            if (STRACE.matcher(whole).matches()) {
                return RecordingFormat.STRACE;
            }
            if (whole.startsWith("# tracer:")) {
                return RecordingFormat.FTRACE;
            }
            if (whole.startsWith("# cmdline : ") && whole.contains("perf")) {
                return RecordingFormat.PERF_SCRIPT;
            }
        }
        return null;
    }

    /// No text has control characters; the lengths and tags of a Perfetto trace are some.
    private static boolean hasControls(byte[] first) {
        return controls(first) > 0;
    }

    private static boolean looksLikeText(byte[] first) {
        return controls(first) * 50 <= Math.min(first.length, LOOKED);
    }

    /// How many of the first bytes are control characters that no text has.
    private static int controls(byte[] first) {
        int controls = 0;
        for (int i = 0; i < Math.min(first.length, LOOKED); i++) {
            int b = first[i] & 0xff;
            controls += b < 32 && b != '\n' && b != '\r' && b != '\t' ? 1 : 0;
        }
        return controls;
    }

    /// Why an input with that beginning is no recording: what follows the file's name in a sentence.
    static String refusal(byte[] first) {
        if (first.length == 0) {
            return " is empty.";
        }
        if (Packed.begins(first, "\u00ff\u00fe") || Packed.begins(first, "\u00fe\u00ff")) {
            return " is UTF-16 text, as PowerShell's > writes it: turn it into UTF-8 (iconv -f UTF-16 -t UTF-8).";
        }
        for (Map.Entry<String, String> packer : PACKERS.entrySet()) {
            if (Packed.begins(first, packer.getKey())) {
                return " is packed by " + packer.getValue() + ": unpack it first (gzip and zip are read as they are).";
            }
        }
        if (first.length > USTAR + 5 && text(first, USTAR + 5).endsWith("ustar")) {
            return " is a tar archive: unpack it first (gzip and zip are read as they are).";
        }
        String text = text(first, LOOKED).strip();
        if ((text.startsWith("{") || text.startsWith("[")) && text.contains("\"ph\"")) {
            return " is a trace in Chrome's JSON, which does not say when threads ran: record by Perfetto, ftrace or perf.";
        }
        if (PERFETTO_TEXT.matcher(text).lookingAt()) {
            return " is a Perfetto trace as text: it is read as Perfetto writes it, in binary.";
        }
        for (String line : looksLikeText(first) ? text.split("\n") : new String[0]) {
            if (PERF_TRACE.matcher(line.strip()).matches()) {
                return " is output of perf trace, which does not say when threads ran: record by perf record -a (all cores), and print by "
                        + "perf script --ns -F +addr.";
            }
            if (line.startsWith("% time ")) {
                return " is a table of counts by strace -c, which has no events: make it by strace -f -ttt -T.";
            }
            if (STRACE_WITHOUT_TIMES.matcher(line.strip()).matches()) {
                return " is a log of strace without times: make it by strace -f -ttt -T.";
            }
            if (PERF_EVENT.matcher(line.strip()).matches()) {
                return " is output of perf script without its events' thread, core or time: record by perf record -a (all cores), "
                        + "and print by perf script --ns -F +addr.";
            }
        }
        return " is not a recording of a known format: ftrace text, systrace HTML, perf script, strace -f -ttt -T, or Perfetto.";
    }
}
