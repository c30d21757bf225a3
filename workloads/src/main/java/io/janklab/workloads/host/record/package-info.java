/// Recordings: programs with what a kernel made of every call, in a file. They stand in for the kernel where it is not at hand.
///
/// Invariant: a recording says which kernel and which properties of its host it holds for.
package io.janklab.workloads.host.record;
