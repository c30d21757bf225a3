package io.janklab.workloads.app.frame;

/// The messages of the UI thread's Looper.
public sealed interface LooperMessage permits FramePlan, InFront, TrimMemory {}
