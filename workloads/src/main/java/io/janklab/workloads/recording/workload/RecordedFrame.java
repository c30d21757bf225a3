package io.janklab.workloads.recording.workload;

/// A frame of an app, as recorded; times in ns since the recording began.
///
/// @param expectedStart the vsync it is for
/// @param expectedEnd its deadline
/// @param tailNs from the end of DrawFrame until it could be shown: GPU and composition, kept as they were
public record RecordedFrame(int tgid, long token, long expectedStart, long expectedEnd, long tailNs, int jank) {}
