package io.janklab.explore;

import java.util.Set;
import java.util.function.Supplier;

/// A small concurrent program with the outcomes it may have.
///
/// @param name      what the command line calls it
/// @param story one or two sentences: what each task does, and what must not happen
/// @param allowed   the outcomes a correct kernel may show; empty if the program only checks
/// @param fair its condition is promised under fair schedules only, where each task that can go on does so before long: whatever the
///                  strategy asked for, each step is any actor's, with equal odds
/// @param program   makes a fresh program for each schedule
public record Litmus(String name, String story, Set<String> allowed, boolean fair, Supplier<LitmusProgram> program) {
    public Litmus {
        allowed = Set.copyOf(allowed);
    }

    /// A litmus without outcomes, whose program only checks.
    public static Litmus of(String name, String story, Supplier<LitmusProgram> program) {
        return new Litmus(name, story, Set.of(), false, program);
    }

    /// This litmus, explored under fair schedules only.
    public Litmus fairly() {
        return new Litmus(name, story, allowed, true, program);
    }

    /// This litmus with the outcomes it may have; any other one is forbidden.
    public Litmus allowing(String... outcomes) {
        return new Litmus(name, story, Set.of(outcomes), fair, program);
    }
}
