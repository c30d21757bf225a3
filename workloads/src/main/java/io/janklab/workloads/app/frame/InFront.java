package io.janklab.workloads.app.frame;

/// The user sees the app again (`VMRuntime.updateProcessState`).
public record InFront() implements LooperMessage {}
