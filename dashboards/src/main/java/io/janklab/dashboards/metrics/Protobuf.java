package io.janklab.dashboards.metrics;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/// Loads protobuf-java (4.35), whose first act is to ask `sun.misc.Unsafe` for offsets: JDK 25 answers with four lines on stderr, of no use
/// to the program's users. The option that silences them, `--sun-misc-unsafe-memory-access`, is for the `java` command alone; a jar cannot
/// carry it.
public final class Protobuf {
    private static final String WARNING = "WARNING: ";
    private static final String ABOUT = "sun.misc.Unsafe";

    static {
        PrintStream stderr = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Charset charset = stderr.charset();
        try (PrintStream kept = new PrintStream(said, true, charset)) {
            System.setErr(kept);
            CodedOutputStream.newInstance(new byte[1]);
        } finally {
            System.setErr(stderr);
        }
        String text = said.toString(charset);
        if (!text.startsWith(WARNING) || !text.contains(ABOUT)) {
            stderr.print(text);
        }
    }

    private Protobuf() {}

    /// To be called before any other class of protobuf-java is.
    public static void load() {
        // The work is done when this class is initialised: once, whichever thread comes first.
    }
}
