package io.janklab.sim;

/// Decides the order of events due at the same instant.
@FunctionalInterface
public interface TieBreak {
    /// Bits a rank may use.
    int RANK_BITS = 23;

    /// In the order they were scheduled.
    TieBreak FIXED = () -> 0;

    /// The rank of the event being scheduled, from 0 up to 2^[#RANK_BITS] − 1; lower goes first, equals in scheduling order.
    long rank();
}
