package io.janklab.workloads.sweep.spark;

import io.janklab.workloads.sweep.JournalEntry;
import java.io.Serializable;

/// The outcome of a run, and the executor that made it.
record Result(JournalEntry entry, String worker) implements Serializable {}
