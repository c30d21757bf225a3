package io.janklab.workloads.host.sys;

import io.janklab.kernel.config.Switch;
import org.jspecify.annotations.Nullable;

/// One thing in which hosts differ.
///
/// @param name a switch's key where there is a switch for it
/// @param host what was found, in a word or two
/// @param simulated how it is simulated: the switch's value, or words
/// @param leftOut what random programs leave out because of it and why, a line of [KnownDifferences]; null if nothing
public record HostProperty(String name, String host, String simulated, @Nullable String leftOut) {
    /// A switch that can be set to what was found.
    public static HostProperty of(Switch key, String found) {
        return new HostProperty(key.key(), found, found, null);
    }

    /// Simulated as `words` say, which random programs do not notice.
    public static HostProperty told(String name, String host, String words) {
        return new HostProperty(name, host, words, null);
    }

    /// Beyond what can be simulated.
    public static HostProperty leftOut(String name, String host, String simulated, String line) {
        return new HostProperty(name, host, simulated, line);
    }

    /// Null if it is none.
    public @Nullable Switch asSwitch() {
        Switch key = Switch.byKey(name);
        return key != null && key.choices().contains(simulated) ? key : null;
    }

    /// The reason alone for which something is left out.
    public @Nullable String reason() {
        return leftOut == null ? null : leftOut.substring(leftOut.indexOf(':') + 1).trim();
    }
}
