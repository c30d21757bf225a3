package io.janklab.workloads.app.frame;

/// The app is out of sight: release what can be recreated (`ComponentCallbacks2.onTrimMemory`).
public record TrimMemory() implements LooperMessage {}
