package io.janklab.workloads.recording;

import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.workload.Op;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Workload;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a workload's threads do, for people: an op a line.
public final class OpsText {
    private static final int MOST_LINES = 200;

    private OpsText() {}

    /// @param text gets each thread's first ops, `compute 12000`
    public static void write(Workload workload, Path text) throws IOException {
        try (Writer out = Files.newBufferedWriter(text)) {
            out.write(OneLine.of(workload.title()) + "\n");
            for (RecordedThread thread : workload.threads) {
                out.write("thread " + thread.index + ": " + thread.name + " (tid " + thread.tid + " of " + thread.tgid + "), "
                        + thread.ops.count() + " ops\n");
                lines(thread.ops, out);
            }
        }
    }

    private static void lines(Ops ops, Writer out) throws IOException {
        Ops.Reader reader = ops.reader();
        int line = 0;
        for (Op op = reader.next(); op != null && line < MOST_LINES; op = reader.next()) {
            StringBuilder text = new StringBuilder("  ").append(op.name().toLowerCase(java.util.Locale.ROOT));
            for (int i = 0; i < op.operands(); i++) {
                long operand = reader.operand(i);
                text.append(' ').append(operand > 1L << 32 ? "0x" + Long.toHexString(operand) : operand);
            }
            out.write(text.append('\n').toString());
            line++;
        }
        if (ops.count() > line) {
            out.write("  and " + (ops.count() - line) + " more\n");
        }
    }
}
