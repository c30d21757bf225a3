package io.janklab.workloads.cli.run;

import io.janklab.workloads.device.Device;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// `janklab run --program`: what runs, on what.
///
/// @param program the name of a bundled program, or a file
/// @param version of the kernel
/// @param changes to its switches
record ProgramPlan(String program, Device device, String version, Map<String, String> changes, long seed) {
    ProgramPlan {
        changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    }
}
