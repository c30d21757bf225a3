package io.janklab.workloads.app;

/// The app is out of sight: give back what can be had again (`ComponentCallbacks2.onTrimMemory`).
record TrimMemory() implements LooperMessage {}
