package io.janklab.workloads.app.frame;

import io.janklab.workloads.app.process.Completion;

/// Everything about one frame that is drawn at random, and how the stages pass it on. Work in ns on a core of capacity 1024.
///
/// @param token the vsync id
/// @param vsyncNs when the app was to wake up
/// @param traversalNs binding of list items included
/// @param binderNs work of the called process, or 0 for no call
/// @param readBytes read from a file, or 0
/// @param uiMaps how many mappings the UI thread makes, `renderMaps` the RenderThread
/// @param touchSeed picks the Java objects that the UI thread touches
/// @param synced when the UI thread may continue
public record FramePlan(
        long token,
        long vsyncNs,
        long inputNs,
        long animationNs,
        long traversalNs,
        long syncNs,
        long drawNs,
        long gpuNs,
        long binderNs,
        long readBytes,
        int uiMaps,
        int renderMaps,
        long touchSeed,
        Completion synced)
        implements LooperMessage {}
