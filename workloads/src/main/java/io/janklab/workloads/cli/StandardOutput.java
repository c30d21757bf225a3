package io.janklab.workloads.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/// stdout that remembers whether it took everything: [PrintStream] tells only that something went wrong.
final class StandardOutput extends FilterOutputStream {
    private @Nullable IOException failure;

    private StandardOutput() {
        super(new FileOutputStream(FileDescriptor.out));
    }

    /// Puts it in place of [System#out].
    static StandardOutput replace() {
        StandardOutput stdout = new StandardOutput();
        Charset encoding = Charset.forName(System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
        System.setOut(new PrintStream(stdout, true, encoding));
        return stdout;
    }

    /// Why writing failed; null if it did not. A reader that stopped (`| head`) is not a failure.
    @Nullable IOException failure() {
        System.out.flush();
        return failure != null && "Broken pipe".equals(failure.getMessage()) ? null : failure;
    }

    private interface Writing {
        void to(OutputStream stdout) throws IOException;
    }

    /// Nothing more after what was lost.
    private void attempt(Writing writing) throws IOException {
        if (failure != null) {
            return;
        }
        try {
            writing.to(out);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void write(int octet) throws IOException {
        attempt(stdout -> stdout.write(octet));
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        attempt(stdout -> stdout.write(octets, from, length));
    }
}
