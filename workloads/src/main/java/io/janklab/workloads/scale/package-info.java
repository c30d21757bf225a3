/// The will-it-scale loops: system calls and faults in an endless loop on every core of a symmetric machine, as threads of one process or
/// as a process each, and how many iterations they make per second of virtual time.
///
/// Invariant: a loop does what the test case of the same name in will-it-scale does, and counts the same iterations.
@NullMarked
package io.janklab.workloads.scale;

import org.jspecify.annotations.NullMarked;
