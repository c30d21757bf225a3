package io.janklab.workloads.app;

/// The app is out of sight: release what can be recreated (`ComponentCallbacks2.onTrimMemory`).
record TrimMemory() implements LooperMessage {}
