package io.janklab.dashboards.compare;

/// The recorded heap trace that drove the runs: its file name and how many records it has.
public record TraceInput(String file, long records) {}
