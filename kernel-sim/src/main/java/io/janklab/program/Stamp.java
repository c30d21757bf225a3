package io.janklab.program;

/// The value that WRITE stores in a page: the step that wrote it and the page it was written at, so that a moved page is recognised.
public final class Stamp {
    private static final int PAGE_BITS = 16;

    private Stamp() {}

    public static long of(int step, long address) {
        return (long) (step + 1) << PAGE_BITS | (address - Region.START) / Region.PAGE;
    }

    /// Parses the text of [#describe].
    ///
    /// @throws NumberFormatException if it cannot be read
    public static long parse(String text) {
        int at = text.indexOf('@');
        return at < 0 ? Long.parseLong(text) : Long.parseLong(text.substring(0, at)) << PAGE_BITS | Long.parseLong(text.substring(at + 1));
    }

    /// `3@12`: written by the third call at page 12; `0`: never written; any other small number: stored as it is.
    public static String describe(long stamp) {
        return stamp >>> PAGE_BITS == 0 ? Long.toString(stamp) : (stamp >>> PAGE_BITS) + "@" + (stamp & (1 << PAGE_BITS) - 1);
    }
}
