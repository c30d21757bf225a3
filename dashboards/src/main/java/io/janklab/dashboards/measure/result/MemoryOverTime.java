package io.janklab.dashboards.measure.result;

/// The app's memory through a run, in bytes.
public record MemoryOverTime(Series rss, Series pageTables) {}
