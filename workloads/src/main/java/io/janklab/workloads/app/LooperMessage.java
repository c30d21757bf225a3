package io.janklab.workloads.app;

/// The messages of the UI thread's Looper.
sealed interface LooperMessage permits FramePlan, InFront, TrimMemory {}
