package io.janklab.workloads.sweep;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.scenario.Scenario;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fingerprints of the YAML files that a sweep's devices and scenarios are read from, the bundled ones among them: runs before and after
/// a change of one do not belong into one table.
public final class InputFiles {
    private InputFiles() {}

    /// The SHA-256 of each in hexadecimal, by what it is: `scenario my.yaml`.
    ///
    /// @throws BadInput if there is none of that name
    public static Map<String, String> fingerprints(List<String> devices, List<String> scenarios) {
        Map<String, String> found = new LinkedHashMap<>();
        devices.forEach(device -> add(found, Device.CATALOGUE, device));
        scenarios.forEach(scenario -> add(found, Scenario.CATALOGUE, scenario));
        found.put("bundled reference.yaml", sha256(Scenario.CATALOGUE.bundledSource(Scenario.REFERENCE)));
        return found;
    }

    private static void add(Map<String, String> found, Catalogue catalogue, String name) {
        found.put(catalogue.kind() + " " + name, sha256(catalogue.source(name)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @throws BadInput if a file is no longer what it was when the sweep in `folder` was begun
    public static void checkUnchanged(SweepDefinition begun, Path folder) {
        fingerprints(begun.devices(), begun.scenarios()).forEach((file, now) -> {
            if (!now.equals(begun.files().get(file))) {
                throw new BadInput("the " + file + " has changed since the sweep in " + folder
                        + " was begun: runs before and after do not belong together. Begin a new one with another --out.");
            }
        });
    }
}
