/// Janklab in JUnit tests: `@JankTest` runs a scenario, and AssertJ-style assertions hold it to its budget; `@Explore` runs a small
/// concurrent program under many schedules. JUnit and AssertJ are the test's own dependencies; the program does not carry them.
///
/// Invariant: a broken budget says by how much, and which task held which lock; a schedule that breaks a rule is shown step by step.
@NullMarked
package io.janklab.workloads.junit;

import org.jspecify.annotations.NullMarked;
