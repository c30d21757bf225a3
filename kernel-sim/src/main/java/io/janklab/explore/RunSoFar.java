package io.janklab.explore;

/// A run under one schedule as far as it has come: what a [Chooser] may look at.
public interface RunSoFar {
    /// How often the next actor was chosen.
    int choices();

    Actors actors();

    /// The conflicts of the steps so far, of a run that logs them.
    ConflictLog conflicts();
}
