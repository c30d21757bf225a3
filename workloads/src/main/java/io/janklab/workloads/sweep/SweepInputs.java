package io.janklab.workloads.sweep;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.scenario.Scenario;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All inputs of a sweep's runs: the definition, and the exact bytes of the YAML files it names. With these any machine can make any of its
/// runs.
///
/// @param devices the bytes that [Catalogue#source] returned for each
/// @param scenarios likewise
public record SweepInputs(SweepDefinition definition, Map<String, byte[]> devices, Map<String, byte[]> scenarios) implements Serializable {
    /// Reads the files.
    ///
    /// @throws BadInput if one cannot be read, or has changed since the sweep started
    public static SweepInputs read(SweepDefinition definition) {
        SweepInputs inputs = new SweepInputs(
                definition, deviceSources(definition.devices()), scenarioSources(definition.scenarios()));
        inputs.check();
        return inputs;
    }

    private static Map<String, byte[]> deviceSources(List<String> names) {
        return sources(Device.CATALOGUE, names.stream().filter(name -> !name.equals(SweptRecording.MACHINE)).toList());
    }

    private static Map<String, byte[]> scenarioSources(List<String> names) {
        return sources(Scenario.CATALOGUE, names.stream().filter(name -> !SweptRecording.isOne(name)).toList());
    }

    private static Map<String, byte[]> sources(Catalogue catalogue, List<String> names) {
        Map<String, byte[]> sources = new LinkedHashMap<>();
        names.forEach(name -> sources.put(name, catalogue.source(name)));
        return sources;
    }

    /// Checks that these are the files of the definition, and that this program has the defaults with which the sweep started: runs
    /// before and after a change do not belong in one table.
    ///
    /// @throws BadInput if not
    public void check() {
        Map<String, String> found = fingerprints(devices, scenarios);
        found.putAll(ofRecordings(definition.scenarios()));
        found.forEach((file, now) -> {
            if (!now.equals(definition.files().get(file))) {
                throw new BadInput("the " + file + " has changed since the sweep started: runs before and after do not belong together."
                        + " Begin a new one with another --out.");
            }
        });
    }

    /// The SHA-256 of each file in hexadecimal, by what it is: `scenario my.yaml`. The bundled file of all defaults is among them.
    ///
    /// @throws BadInput if there is none of that name
    public static Map<String, String> fingerprints(List<String> devices, List<String> scenarios) {
        Map<String, String> found = fingerprints(deviceSources(devices), scenarioSources(scenarios));
        found.putAll(ofRecordings(scenarios));
        return found;
    }

    private static Map<String, String> ofRecordings(List<String> scenarios) {
        Map<String, String> found = new LinkedHashMap<>();
        scenarios.stream().filter(SweptRecording::isOne).forEach(name -> {
            MessageDigest digest = sha256();
            SweptRecording.digest(name, digest);
            found.put(name, HexFormat.of().formatHex(digest.digest()));
        });
        return found;
    }

    private static Map<String, String> fingerprints(Map<String, byte[]> devices, Map<String, byte[]> scenarios) {
        Map<String, String> found = new LinkedHashMap<>();
        devices.forEach((name, bytes) -> found.put(Device.CATALOGUE.kind() + " " + name, sha256(bytes)));
        scenarios.forEach((name, bytes) -> found.put(Scenario.CATALOGUE.kind() + " " + name, sha256(bytes)));
        found.put("bundled reference.yaml", sha256(Scenario.CATALOGUE.bundledSource(Scenario.REFERENCE)));
        return found;
    }

    /// The SHA-256 of these bytes in hexadecimal.
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
