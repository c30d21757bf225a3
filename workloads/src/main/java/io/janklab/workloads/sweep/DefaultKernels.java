package io.janklab.workloads.sweep;

import java.util.List;

/// The kernels that are run if no others are asked for.
public final class DefaultKernels {
    /// Where one is run.
    public static final String ONE = "6.17";
    /// Where two are compared, what the second is compared with.
    public static final String BASE = "6.12";
    /// The two, as an option's value.
    public static final String BOTH = BASE + "," + ONE;
    /// The two that are compared.
    public static final List<String> TWO = List.of(BASE, ONE);

    private DefaultKernels() {}
}
