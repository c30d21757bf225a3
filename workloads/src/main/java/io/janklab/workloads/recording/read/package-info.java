/// Files of other recorders, as events: ftrace text, systrace HTML, `perf script`, strace, Perfetto.
///
/// [io.janklab.workloads.recording.read.Recording] detects the format. Each reader goes through its file once, in constant memory, and
/// delivers events in the order of their times; the grammar it accepts is in its description. Invariant: no input makes a reader fail
/// except by [io.janklab.workloads.input.BadInput]; what it does not understand is counted and named in its
/// [io.janklab.workloads.recording.read.ReadReport].
@NullMarked
package io.janklab.workloads.recording.read;

import org.jspecify.annotations.NullMarked;
