/// Jank budgets as JUnit tests: `@JankTest` runs a scenario, AssertJ-style assertions hold it to its budget. JUnit and AssertJ are the
/// test's own dependencies; the program does not carry them.
///
/// Invariant: a budget that is broken says by how much, and who held what.
package io.janklab.workloads.junit;
