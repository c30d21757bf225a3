package io.janklab.workloads.scenario;

import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Purger;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Settings;
import java.util.List;
import java.util.stream.Stream;

/// The native heap and, where no trace is given, what is allocated in it (keys below `nativeHeap`).
///
/// @param mix the AOSP trace whose mix is generated
/// @param workNsPerRecord work around each record on threads that draw no frames
public record NativeHeapModel(HeapOptions options, long recordsPerS, String mix, long workNsPerRecord) {
    static NativeHeapModel from(Settings settings, List<String> mixes) {
        return new NativeHeapModel(
                options(settings),
                settings.integer("nativeHeap.recordsPerS", 0, 1_000_000_000),
                settings.choice("nativeHeap.mix", mixes),
                (long) (settings.number("nativeHeap.workUsPerRecord", 0, 1e6) * 1e3));
    }

    private static String decay(Settings settings) {
        return settings.text("nativeHeap.decayMs").equals("conf") ? "" : "dirty_decay_ms:" + settings.integer("nativeHeap.decayMs", -1, 1_000_000_000);
    }

    private static HeapOptions options(Settings settings) {
        List<String> purgers = Stream.of(Purger.values()).map(Purger::key).toList();
        Purger purger = Purger.values()[purgers.indexOf(settings.choice("nativeHeap.purger", purgers))];
        try {
            return HeapOptions.preset(settings.text("nativeHeap.preset")).with(purger).with(settings.text("nativeHeap.conf")).with(decay(settings));
        } catch (IllegalArgumentException e) {
            throw new BadInput("scenario key nativeHeap: " + e.getMessage() + ".");
        }
    }
}
