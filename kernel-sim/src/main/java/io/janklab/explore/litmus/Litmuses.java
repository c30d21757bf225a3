package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import java.util.List;

/// Every litmus there is.
public final class Litmuses {
    public static final List<Litmus> ALL = List.of(FaultAgainstDontneed.LITMUS, FirstFaults.LITMUS);

    private Litmuses() {}

    /// The litmus of that name, or null.
    public static Litmus byName(String name) {
        return ALL.stream().filter(litmus -> litmus.name().equals(name)).findFirst().orElse(null);
    }
}
