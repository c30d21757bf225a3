/// Runs small concurrent programs under many schedules, to find one that breaks a rule of the kernel or to show that none does.
///
/// Invariant: a schedule, named by its string, always gives the same run, whatever the host and however many of its cores are used.
@NullMarked
package io.janklab.explore;

import org.jspecify.annotations.NullMarked;
