package io.janklab.workloads.cli;

/// `janklab list`: which topics are printed; with none, an overview that names them.
record ListPlan(boolean keys, boolean switches, boolean heapOptions, boolean rules) {}
