package io.janklab.workloads.recording.replay;

import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.List;

/// A replay's calls beside the recorded ones.
///
/// @param calls undisturbed ones, each thread's in its order
record ComparedReplay(List<ComparedCall> calls, ObservedFigures figures) {}
