package io.janklab.workloads.app;

/// The user sees the app again (`VMRuntime.updateProcessState`).
record InFront() implements LooperMessage {}
