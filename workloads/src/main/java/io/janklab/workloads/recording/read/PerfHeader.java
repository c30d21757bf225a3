package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import org.jspecify.annotations.Nullable;

/// What `perf script --header` says about the machine, in lines `# key : value`: `os release`, `arch`, `nrcpus online`, `total memory`.
final class PerfHeader {
    private static final long BYTES_PER_KB = 1_024;

    /// What that line says; null if it is nothing about the machine.
    RecordedEvent.@Nullable Machine machine(String line) {
        int colon = line.indexOf(" : ");
        if (colon < 0) {
            return null;
        }
        String value = line.substring(colon + 3).strip();
        return switch (line.substring(1, colon).strip()) {
            case "os release" -> new RecordedEvent.Machine(value, "", 0, 0, "");
            case "arch" -> new RecordedEvent.Machine("", value, 0, 0, "");
            case "nrcpus online" -> new RecordedEvent.Machine("", "", (int) Math.max(0, LineHead.number(value, 0, value.length())), 0, "");
            case "total memory" -> new RecordedEvent.Machine("", "", 0, Math.max(0, FieldText.numberAt(value, 0, 0)) * BYTES_PER_KB, "");
            default -> null;
        };
    }
}
