package io.janklab.kernel.config;

/// One kind of step that costs time: an entry of a [PriceList].
public interface Price {
    /// The name in files and options.
    String key();

    /// Nanoseconds on a core of capacity 1024, unless a list says otherwise.
    long defaultNs();
}
