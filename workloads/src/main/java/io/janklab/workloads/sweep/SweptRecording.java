package io.janklab.workloads.sweep;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.WorkloadFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A recording among a sweep's scenarios: `recording FILE` by name, with what else may be told of it under keys of its own among the
/// changes that hold for all points.
public final class SweptRecording {
    /// The device of those points that run on the machine it was made on.
    public static final String MACHINE = "recorded";
    private static final String PREFIX = "recording ";
    private static final String KEY = "recording.";
    private static final String PROCESS = KEY + "process";
    private static final String OPERATION = KEY + "operation";
    private static final String KERNEL = KEY + "kernel";
    private static final String LIMIT = KEY + "error-limit";

    private SweptRecording() {}

    /// What a sweep calls it.
    public static String named(Path file) {
        return PREFIX + file;
    }

    static boolean isOne(String scenario) {
        return scenario.startsWith(PREFIX);
    }

    private static Path file(String scenario) {
        return Path.of(scenario.substring(PREFIX.length()));
    }

    /// The hints about it, as changes.
    ///
    /// @param limit by how much its null test may be off; null for the usual
    public static Map<String, String> told(RecordedCase.Hints hints, @Nullable Double limit) {
        Map<String, String> told = new LinkedHashMap<>();
        put(told, PROCESS, hints.process());
        put(told, OPERATION, hints.operation());
        put(told, KERNEL, hints.kernel());
        put(told, LIMIT, limit);
        return told;
    }

    private static void put(Map<String, String> told, String key, @Nullable Object value) {
        if (value != null) {
            told.put(key, value.toString());
        }
    }

    /// Options by which `janklab run` runs it.
    static Map<String, String> options(String scenario, Map<String, String> told) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--recording", file(scenario).toString());
        put(options, "--process", told.get(PROCESS));
        put(options, "--operation", told.get(OPERATION));
        put(options, "--recorded-kernel", told.get(KERNEL));
        put(options, "--error-limit", told.get(LIMIT));
        return options;
    }

    /// Changes without the hints about recordings.
    static Map<String, String> without(Map<String, String> changes) {
        Map<String, String> rest = new LinkedHashMap<>(changes);
        rest.keySet().removeIf(key -> key.startsWith(KEY));
        return rest;
    }

    /// Reads it, and holds it against its null test.
    ///
    /// @param device null for the machine it was made on
    /// @throws BadInput if nothing can be predicted from it
    static RecordedCase open(String scenario, @Nullable Device device, Map<String, String> told) {
        RecordedCase recorded = RecordedCase.open(
                file(scenario), new RecordedCase.Hints(told.get(PROCESS), told.get(OPERATION), told.get(KERNEL), device));
        recorded.requireNullTest(told.containsKey(LIMIT) ? Double.parseDouble(told.get(LIMIT)) : RecordedCase.DEFAULT_LIMIT);
        return recorded;
    }

    /// Goes through its bytes, or through those of the folder it was imported into.
    static void digest(String scenario, MessageDigest digest) {
        Path file = file(scenario);
        if (Files.isDirectory(file)) {
            digest(file.resolve(WorkloadFolder.SHEET), digest);
            digest(file.resolve(WorkloadFolder.BULK), digest);
        } else {
            digest(file, digest);
        }
    }

    private static void digest(Path file, MessageDigest digest) {
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new BadInput("the recording " + file + " cannot be read.");
        }
    }
}
