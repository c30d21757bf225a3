package io.janklab.workloads.host.record;

import io.janklab.workloads.host.space.Snapshot;

/// What a kernel made of one call of a program: its answer, and how it left the region.
record Step(String answer, Snapshot left) {}
