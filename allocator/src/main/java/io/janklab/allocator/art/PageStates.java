package io.janklab.allocator.art;

/// The state of each page of the moving space during one compaction (`moving_pages_status_`). The thread that changes a page from
/// unprocessed has it to itself until it is processed or mapped.
final class PageStates {
    static final byte UNPROCESSED = 0;
    /// The collector makes its contents.
    static final byte PROCESSING = 1;
    /// Its contents are ready in from-space, at [#buffer].
    static final byte PROCESSED = 2;
    /// The collector makes its contents and maps them at once.
    static final byte PROCESSING_AND_MAPPING = 3;
    /// A mutator that needs it makes its contents.
    static final byte MUTATOR_PROCESSING = 4;
    /// A thread is mapping it.
    static final byte PROCESSED_AND_MAPPING = 5;
    static final byte MAPPED = 6;

    private final byte[] states;
    private final long[] buffers;

    PageStates(int pages) {
        states = new byte[pages];
        buffers = new long[pages];
    }

    int count() {
        return states.length;
    }

    byte get(int page) {
        return states[page];
    }

    void set(int page, byte state) {
        states[page] = state;
    }

    void set(int first, int count, byte state) {
        for (int page = first; page < first + count; page++) {
            states[page] = state;
        }
    }

    /// Compare and set.
    boolean claim(int page, byte state) {
        if (states[page] != UNPROCESSED) {
            return false;
        }
        states[page] = state;
        return true;
    }

    /// The page's contents are ready at that address.
    void processed(int page, long buffer) {
        states[page] = PROCESSED;
        buffers[page] = buffer;
    }

    long buffer(int page) {
        return buffers[page];
    }

    /// How many pages from `first` on, before `end`, are ready in buffers that follow one another.
    int readyRun(int first, int end) {
        int count = 0;
        while (first + count < end
                && states[first + count] == PROCESSED
                && buffers[first + count] == buffers[first] + count * MemMap.PAGE) {
            count++;
        }
        return count;
    }
}
