/// Files that others' recorders have made, as events: ftrace text, systrace HTML, `perf script`, strace, Perfetto.
///
/// [io.janklab.workloads.recording.read.Recording] finds out which it is. Each reader goes through its file once, in constant memory, and
/// hands over events in the order of their times; the grammar it accepts stands in its description. Invariant: no input makes a reader
/// fail but by [io.janklab.workloads.input.BadInput]; what it does not understand it counts and names in its
/// [io.janklab.workloads.recording.read.ReadReport].
package io.janklab.workloads.recording.read;
