package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;
import java.util.List;

/// The costs of a frame, stage by stage (keys below `frame`).
///
/// @param builtBy the thread that builds frames: the main thread, or one of its own
/// @param drawnBy the thread that draws them
/// @param buildNice nice value of the one that builds while the app is in front, and `drawNice` of the other
/// @param steps pieces that traversal and draw are cut into
/// @param bindProbability chance per frame that list items are bound, at the additional cost of `bind`
/// @param binderProbability chance per frame of a call with `requestBytes` of arguments that costs its server `binderCall` and returns
///     `replyBytes`
/// @param readProbability chance per frame of a read of `readBytes`
public record FrameModel(
        String builtBy,
        String drawnBy,
        int buildNice,
        int drawNice,
        Distribution input,
        Distribution animation,
        Distribution traversal,
        double bindProbability,
        Distribution bind,
        Distribution sync,
        Distribution draw,
        Distribution gpu,
        int steps,
        double binderProbability,
        Distribution binderCall,
        long requestBytes,
        long replyBytes,
        double readProbability,
        long readBytes) {
    public static final String MAIN = "main";
    /// libbinder maps 1 MiB less two pages.
    static final long MOST_BINDER_KIB = 1016;

    static FrameModel from(Settings settings) {
        return new FrameModel(
                settings.choice("frame.builtBy", List.of(MAIN, "1.ui", "UnityMain")),
                settings.choice("frame.drawnBy", List.of("RenderThread", "1.raster", "UnityGfxDevice")),
                (int) settings.integer("frame.ui.nice", -20, 19),
                (int) settings.integer("frame.renderThread.nice", -20, 19),
                Distribution.from(settings, "frame.input"),
                Distribution.from(settings, "frame.animation"),
                Distribution.from(settings, "frame.traversal"),
                settings.number("frame.bind.probability", 0, 1),
                Distribution.from(settings, "frame.bind"),
                Distribution.from(settings, "frame.sync"),
                Distribution.from(settings, "frame.draw"),
                Distribution.from(settings, "frame.gpu"),
                (int) settings.integer("frame.steps", 1, 1000),
                settings.number("frame.binderCall.probability", 0, 1),
                Distribution.from(settings, "frame.binderCall"),
                settings.integer("frame.binderCall.requestKib", 0, 512) << 10,
                settings.integer("frame.binderCall.replyKib", 0, MOST_BINDER_KIB) << 10,
                settings.number("frame.read.probability", 0, 1),
                settings.integer("frame.read.kib", 1, 1 << 14) << 10);
    }
}
