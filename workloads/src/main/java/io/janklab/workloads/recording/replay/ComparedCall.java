package io.janklab.workloads.recording.replay;

/// An undisturbed call, as recorded and as replayed.
///
/// @param thread its index
/// @param what its kind, such as `madvise(FREE)`
/// @param tookNs in the recording
/// @param isBeside whether another thread of its process had a core meanwhile, in the recording
/// @param ranNs in the replay, on a core and without waits for locks
record ComparedCall(int thread, String what, long tookNs, boolean isBeside, long ranNs) {}
