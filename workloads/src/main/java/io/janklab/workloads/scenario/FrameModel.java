package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// What a frame costs, stage by stage (keys below `frame`).
///
/// @param steps pieces that traversal and draw are cut into
/// @param bindProbability chance per frame that list items are bound, at the additional cost of `bind`
/// @param binderProbability chance per frame of a call that costs its server `binderCall` and returns `replyBytes`
/// @param readProbability chance per frame of a read of `readBytes`
public record FrameModel(
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
        long replyBytes,
        double readProbability,
        long readBytes) {
    static FrameModel from(Settings settings) {
        return new FrameModel(
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
                settings.integer("frame.binderCall.replyKib", 0, 1 << 10) << 10,
                settings.number("frame.read.probability", 0, 1),
                settings.integer("frame.read.kib", 1, 1 << 14) << 10);
    }
}
