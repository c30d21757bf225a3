package io.janklab.workloads.host.record;

import io.janklab.workloads.host.space.Snapshot;

/// A kernel's result of one call of a program: its answer, and the state of the region afterwards.
record CallResult(String answer, Snapshot left) {}
