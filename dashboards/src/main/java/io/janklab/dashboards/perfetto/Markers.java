package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Ftrace;
import io.janklab.dashboards.perfetto.Fields.Print;
import java.util.Iterator;

/// The markers that user space wrote into `trace_marker`, in atrace's format, as in Android's own traces.
final class Markers {
    private static final String DO_FRAME = "Choreographer#doFrame";
    private static final String DRAW_FRAME = "DrawFrame";

    private final FtraceBundles ftrace;

    Markers(FtraceBundles ftrace) {
        this.ftrace = ftrace;
    }

    /// Of all slices only a frame's carry their argument, the vsync id, in the name: Perfetto's library finds collections by the end of
    /// theirs.
    static String begin(int tgid, String name, long argument) {
        boolean ofFrame = name.startsWith(DO_FRAME) || name.startsWith(DRAW_FRAME);
        return "B|" + tgid + "|" + name + (ofFrame ? " " + argument : "") + "\n";
    }

    private static String end(TraceThread thread) {
        return "E|" + TraceIds.pid(thread.task()) + "\n";
    }

    void write(long now, TraceThread thread, String marker) {
        ftrace.add(thread.cpu(), now, thread.tid(), Ftrace.PRINT, new ProtoMessage().text(Print.BUF, marker));
    }

    void writeEnd(long now, TraceThread thread) {
        write(now, thread, end(thread));
    }

    void writeCounter(long now, TraceThread main, String name, long value) {
        write(now, main, "C|" + main.tid() + "|" + name + "|" + value + "\n");
    }

    /// A window begins: slices that are open begin with it, the outermost first.
    void open(long now, TraceThread thread) {
        for (Iterator<String> outermostFirst = thread.openSlices().descendingIterator(); outermostFirst.hasNext(); ) {
            write(now, thread, outermostFirst.next());
        }
    }

    /// A window ends, and all open slices with it.
    void close(long now, TraceThread thread) {
        thread.openSlices().forEach(open -> writeEnd(now, thread));
    }
}
