package io.janklab.kernel.config;

/// The device files are read from: the time of a read is log-normal with this median (ns) and deviation of its logarithm, plus a time
/// per 4 KiB page (ns).
public record Storage(long readMedianNs, double readSigma, long nsPerPage) {
    /// A UFS 3.1 part's order of magnitude: 0.1 ms for a random read, 1.6 GB/s in a row. No distribution has been published.
    public static final Storage UFS = new Storage(100_000, 0.5, 2_500);

    public Storage {
        if (readMedianNs < 0 || readSigma < 0 || nsPerPage < 0) {
            throw new IllegalArgumentException("storage times must not be negative: " + readMedianNs + ", " + readSigma + ", " + nsPerPage);
        }
    }
}
