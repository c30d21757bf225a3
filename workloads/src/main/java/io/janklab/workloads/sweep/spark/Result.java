package io.janklab.workloads.sweep.spark;

import io.janklab.workloads.sweep.JournalEntry;
import java.io.Serializable;

/// What a run came to, and which executor made it.
record Result(JournalEntry entry, String worker) implements Serializable {}
