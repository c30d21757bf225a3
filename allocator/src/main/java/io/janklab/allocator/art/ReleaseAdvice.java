package io.janklab.allocator.art;

/// How the concurrent-copying collector releases regions.
public enum ReleaseAdvice {
    /// As ART does: MADV_FREE while the user sees the app, unless the collection was explicit; else MADV_DONTNEED
    /// (`ShouldEagerlyReleaseMemoryToOS`; kernels before 6.0, of which there are none here, always get MADV_DONTNEED).
    ART("art"),
    /// Always MADV_DONTNEED: ART from September 2024 until MADV_FREE was turned on again.
    DONTNEED("dontneed"),
    /// Always MADV_FREE.
    FREE("free");

    private final String key;

    ReleaseAdvice(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    boolean isEager(GcCause cause, boolean foreground) {
        return switch (this) {
            case ART -> cause == GcCause.EXPLICIT || !foreground;
            case DONTNEED -> true;
            case FREE -> false;
        };
    }
}
