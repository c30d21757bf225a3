package io.janklab.allocator.art;

/// Which collector manages the moving space (`gc/collector_type.h`).
public enum CollectorType {
    /// `kCollectorTypeCC`: region by region, with read barriers; young and full collections.
    CONCURRENT_COPYING("concurrent-copying"),
    /// `kCollectorTypeCMC`: slides all objects down within one space, page by page, by userfaultfd.
    MARK_COMPACT("mark-compact");

    private final String key;

    CollectorType(String key) {
        this.key = key;
    }

    /// The name in options and scenarios.
    public String key() {
        return key;
    }
}
