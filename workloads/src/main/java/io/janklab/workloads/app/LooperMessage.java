package io.janklab.workloads.app;

/// What the UI thread's Looper may be told.
sealed interface LooperMessage permits FramePlan, InFront, TrimMemory {}
