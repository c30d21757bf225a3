package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.io.InputStream;

/// Systrace's page: between its own scripts stand elements `<script class="trace-data" type="application/text">`, one with `ps`'s tables of
/// processes and threads, one with ftrace text.
///
/// ```
/// USER PID PPID VSZ RSS WCHAN PC S NAME COMM      then a process a line
/// USER PID TID CMD                                 then a thread a line
/// # tracer: nop                                    then ftrace text to </script>
/// ```
///
/// Pages from before 2015 have the text in a string of their script instead: `var linuxPerfData = "\`, then lines that end in `\n\`.
/// System calls' numbers are arm64's.
final class SystraceHtml implements Source {
    private static final String BEGIN = "<script class=\"trace-data\"";
    private static final String END = "</script>";

    private static final String STRING = "linuxPerfData = \"";
    private static final String STRING_END = "\\n\\";

    private enum Table {
        NONE,
        PROCESSES,
        THREADS
    }

    @Override
    public void read(InputStream in, Output output) throws IOException {
        Lines lines = new Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.stripLeading().startsWith(BEGIN)) {
                readElement(lines, output);
            } else if (line.contains(STRING)) {
                FtraceText text = new FtraceText(true);
                for (String part = lines.next(); part != null && part.endsWith(STRING_END); part = lines.next()) {
                    text.readLine(unquoted(part.substring(0, part.length() - STRING_END.length())), lines.number(), output);
                }
                text.finish(output);
            }
        }
    }

    /// A part of a string of JavaScript as the text it stands for, as far as systrace quotes.
    private static String unquoted(String part) {
        return part.replace("\\\"", "\"").replace("\\'", "'").replace("\\t", "\t").replace("\\\\", "\\");
    }

    private static void readElement(Lines lines, Output output) throws IOException {
        Table table = Table.NONE;
        for (String line = lines.next(); line != null && !line.stripLeading().startsWith(END); line = lines.next()) {
            if (line.startsWith("# tracer:")) {
                new FtraceText(true).read(lines, output, END);
                return;
            }
            if (line.startsWith("USER ")) {
                table = line.contains(" TID ") ? Table.THREADS : Table.PROCESSES;
            } else {
                readRow(line, table, output);
            }
        }
    }

    private static void readRow(String line, Table table, Output output) {
        String[] words = line.strip().split(" +", table == Table.THREADS ? 4 : 10);
        if (table == Table.PROCESSES && words.length >= 9) {
            long tgid = LineHead.number(words[1], 0, words[1].length());
            if (tgid > 0) {
                output.accept(new RecordedEvent.ProcessName((int) tgid, words[8]));
            }
        } else if (table == Table.THREADS && words.length == 4) {
            long tgid = LineHead.number(words[1], 0, words[1].length());
            long tid = LineHead.number(words[2], 0, words[2].length());
            if (tgid > 0 && tid > 0) {
                output.accept(new RecordedEvent.ThreadOf((int) tid, (int) tgid, words[3]));
            }
        }
    }
}
