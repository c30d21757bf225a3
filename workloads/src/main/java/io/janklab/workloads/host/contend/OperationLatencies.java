package io.janklab.workloads.host.contend;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// The latencies of one workload's operations, in nanoseconds, to three digits.
final class OperationLatencies {
    private static final int DIGITS = 3;
    private static final long HIGHEST_NS = 100_000_000_000L;

    private final Histogram histogram;

    private OperationLatencies(Histogram histogram) {
        this.histogram = histogram;
    }

    static OperationLatencies of(long[] ns) {
        Histogram histogram = new Histogram(HIGHEST_NS, DIGITS);
        for (long sample : ns) {
            histogram.recordValue(Math.min(sample, HIGHEST_NS));
        }
        return new OperationLatencies(histogram);
    }

    /// HdrHistogram's compressed encoding, in base 64.
    ///
    /// @throws IllegalArgumentException if it is none
    static OperationLatencies decode(String text) {
        try {
            return new OperationLatencies(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(text)),
                    HIGHEST_NS));
        } catch (DataFormatException | RuntimeException unreadable) {
            throw new IllegalArgumentException("a compressed HdrHistogram in base 64 is expected", unreadable);
        }
    }

    String encode() {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    long count() {
        return histogram.getTotalCount();
    }

    /// ns; `percent` = 100 is the longest.
    long percentile(double percent) {
        return histogram.getValueAtPercentile(percent);
    }
}
