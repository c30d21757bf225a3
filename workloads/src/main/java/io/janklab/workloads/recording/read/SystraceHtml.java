package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.Event;
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
final class SystraceHtml implements Source {
    private static final String BEGIN = "<script class=\"trace-data\"";
    private static final String END = "</script>";

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
            }
        }
    }

    private static void readElement(Lines lines, Output output) throws IOException {
        Table table = Table.NONE;
        for (String line = lines.next(); line != null && !line.stripLeading().startsWith(END); line = lines.next()) {
            if (line.startsWith("# tracer:")) {
                new FtraceText().read(lines, output, "  " + END);
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
                output.accept(new Event.ProcessName((int) tgid, words[8]));
            }
        } else if (table == Table.THREADS && words.length == 4) {
            long tgid = LineHead.number(words[1], 0, words[1].length());
            long tid = LineHead.number(words[2], 0, words[2].length());
            if (tgid > 0 && tid > 0) {
                output.accept(new Event.ThreadOf((int) tid, (int) tgid, words[3]));
            }
        }
    }
}
