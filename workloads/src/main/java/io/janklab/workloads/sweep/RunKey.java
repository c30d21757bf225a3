package io.janklab.workloads.sweep;

import java.io.Serializable;

/// Which run of a sweep: one of its points, with one of its seeds.
///
/// @param point its index
public record RunKey(int point, long seed) implements Serializable {
    @Override
    public String toString() {
        return "point " + point + ", seed " + seed;
    }
}
