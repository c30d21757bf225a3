package io.janklab.workloads.scenario;

import io.janklab.allocator.PurgePolicy;
import io.janklab.allocator.Purger;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OwnClass;
import io.janklab.workloads.input.Settings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The native heap and, where no trace is given, what is allocated in it (keys below `nativeHeap`).
///
/// @param preset the allocator, or [#OWN] for the device's
/// @param conf options of the allocator's own, on top of all else
/// @param decayMs until unused pages go back; empty for the preset's own
/// @param policy that decides when they do; empty for the allocator's own rules
/// @param mix the AOSP trace whose mix is generated
/// @param workNsPerRecord work around each record on threads that draw no frames
/// @param nice of those threads
public record NativeHeapModel(
        String preset,
        String conf,
        Purger purger,
        OptionalLong decayMs,
        Optional<Supplier<? extends PurgePolicy>> policy,
        long recordsPerS,
        String mix,
        long workNsPerRecord,
        HelperNice nice) {
    private static final String OWN = "own";
    private static final String KEY = "nativeHeap.";
    private static final String PURGER = KEY + "purger";
    private static final String DECAY = KEY + "decayMs";
    private static final String CONF = KEY + "conf";
    private static final String POLICY = KEY + "purgePolicy";
    private static final List<String> PRESETS = Stream.concat(Stream.of(OWN), HeapConfig.PRESETS.stream()).toList();

    /// Its options must suit an allocator that is named; those for the device's are looked at together with the device.
    public NativeHeapModel {
        if (!preset.equals(OWN)) {
            config(preset, conf, purger, decayMs, policy);
        }
    }

    static NativeHeapModel from(Settings settings, List<String> mixes) {
        String preset = settings.choice(KEY + "preset", PRESETS);
        Purger purger = Purger.parse(settings.choice(PURGER, Purger.keys()));
        OptionalLong decayMs = decay(settings);
        Optional<Supplier<? extends PurgePolicy>> policy =
                settings.attempt(POLICY, () -> policy(settings.text(POLICY)), Optional.empty());
        String conf = settings.text(CONF);
        if (!preset.equals(OWN)) {
            HeapConfig config = suited(settings, PURGER, HeapConfig.of(preset, ""), plain -> plain.with(purger));
            config = suited(settings, DECAY, config, plain -> decayMs.isPresent() ? plain.withDecay(decayMs.getAsLong()) : plain);
            config = suited(settings, CONF, config, plain -> plain.with(conf));
            suited(settings, POLICY, config, plain -> policy.isPresent() ? plain.withPurging(policy.get()) : plain);
        }
        boolean canBe = Stream.of(PURGER, DECAY, CONF, POLICY).allMatch(settings::isSound);
        return new NativeHeapModel(
                canBe ? preset : OWN,
                conf,
                purger,
                decayMs,
                policy,
                settings.integer(KEY + "recordsPerS", 0, 1_000_000_000),
                settings.choice(KEY + "mix", mixes),
                (long) (settings.number(KEY + "workUsPerRecord", 0, 1e6) * 1e3),
                HelperNice.from(settings));
    }

    /// The heap with the option that `key` holds, or after a complaint without.
    private static HeapConfig suited(Settings settings, String key, HeapConfig config, UnaryOperator<HeapConfig> option) {
        return settings.attempt(key, () -> asked(() -> option.apply(config)), config);
    }

    private static HeapConfig asked(Supplier<HeapConfig> config) {
        try {
            return config.get();
        } catch (IllegalArgumentException e) {
            throw new BadInput("scenario key nativeHeap: " + e.getMessage() + ".");
        }
    }

    private static OptionalLong decay(Settings settings) {
        boolean presetsOwn = settings.text(DECAY).equals("conf");
        return presetsOwn ? OptionalLong.empty() : OptionalLong.of(settings.integer(DECAY, -1, 1_000_000_000));
    }

    private static Optional<Supplier<? extends PurgePolicy>> policy(String policy) {
        return policy.equals(OWN) ? Optional.empty() : Optional.of(OwnClass.find(policy, PurgePolicy.class));
    }

    /// The heap of an app on that device.
    ///
    /// @throws BadInput if the device's allocator does not have the options asked for
    public HeapConfig config(Device device) {
        if (!preset.equals(OWN)) {
            return config(preset, conf, purger, decayMs, policy);
        }
        try {
            return config(device.allocator(), conf, purger, decayMs, policy);
        } catch (BadInput e) {
            throw new BadInput(e.getMessage() + " " + device.name() + " has " + device.allocator()
                    + "; for another allocator set nativeHeap.preset, as in nativeHeap.preset=jemalloc-android.");
        }
    }

    private static HeapConfig config(
            String preset, String conf, Purger purger, OptionalLong decayMs, Optional<Supplier<? extends PurgePolicy>> policy) {
        return asked(() -> {
            HeapConfig config = HeapConfig.of(preset, "").with(purger);
            HeapConfig decaying = decayMs.isPresent() ? config.withDecay(decayMs.getAsLong()) : config;
            HeapConfig configured = decaying.with(conf);
            return policy.isPresent() ? configured.withPurging(policy.get()) : configured;
        });
    }
}
