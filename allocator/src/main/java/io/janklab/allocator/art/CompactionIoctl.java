package io.janklab.allocator.art;

/// How the mark-compact collector's thread puts a compacted page into the moving space.
public enum CompactionIoctl {
    /// `UFFDIO_COPY`: what every ART with userfaultfd does.
    COPY("copy"),
    /// `UFFDIO_MOVE` of from-space pages, as soon as there are any to write to; behind a flag in Android 16. Mutators copy all the same.
    MOVE("move");

    private final String key;

    CompactionIoctl(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
