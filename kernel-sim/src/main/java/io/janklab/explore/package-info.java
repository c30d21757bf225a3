/// Runs small concurrent programs under many schedules, to find one that breaks a rule of the kernel or to show that none does.
///
/// Here are the programs ([io.janklab.explore.Litmus]), one run of a program under one schedule, and what is found; `search` chooses the
/// schedules.
///
/// Invariant: a schedule, named by its string, always gives the same run, whatever the host and however many of its cores are used.
@NullMarked
package io.janklab.explore;

import org.jspecify.annotations.NullMarked;
