package io.janklab.workloads.live.http;

/// How much may be asked of the server.
///
/// @param queryBytes longest query of a URL
/// @param exchanges requests under way at once, streams included
/// @param streams streams of events at once
public record Limits(int queryBytes, int exchanges, int streams) {
    public static final Limits USUAL = new Limits(8192, 128, 50);
}
