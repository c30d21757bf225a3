package io.janklab.workloads.scenario;

import io.janklab.allocator.PurgePolicy;
import io.janklab.allocator.Purger;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OwnClass;
import io.janklab.workloads.input.Settings;
import java.util.List;

/// The native heap and, where no trace is given, what is allocated in it (keys below `nativeHeap`).
///
/// @param mix the AOSP trace whose mix is generated
/// @param workNsPerRecord work around each record on threads that draw no frames
public record NativeHeapModel(HeapConfig config, long recordsPerS, String mix, long workNsPerRecord) {
    static NativeHeapModel from(Settings settings, List<String> mixes) {
        return new NativeHeapModel(
                config(settings),
                settings.integer("nativeHeap.recordsPerS", 0, 1_000_000_000),
                settings.choice("nativeHeap.mix", mixes),
                (long) (settings.number("nativeHeap.workUsPerRecord", 0, 1e6) * 1e3));
    }

    private static HeapConfig config(Settings settings) {
        Purger purger = Purger.parse(settings.choice("nativeHeap.purger", Purger.keys()));
        try {
            HeapConfig preset = HeapConfig.of(settings.text("nativeHeap.preset"), "").with(purger);
            return purging(decaying(preset, settings).with(settings.text("nativeHeap.conf")), settings.text("nativeHeap.purgePolicy"));
        } catch (IllegalArgumentException e) {
            throw new BadInput("scenario key nativeHeap: " + e.getMessage() + ".");
        }
    }

    private static HeapConfig purging(HeapConfig config, String policy) {
        return policy.equals("own") ? config : config.withPurging(OwnClass.find(policy, PurgePolicy.class));
    }

    private static HeapConfig decaying(HeapConfig config, Settings settings) {
        boolean presetsOwn = settings.text("nativeHeap.decayMs").equals("conf");
        return presetsOwn ? config : config.withDecay(settings.integer("nativeHeap.decayMs", -1, 1_000_000_000));
    }
}
