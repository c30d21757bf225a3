package io.janklab.workloads.sweep;

import io.janklab.workloads.input.ShellWord;
import java.util.Map;

/// A command of this program as a shell takes it, option by option.
public final class ShellCommand {
    private final StringBuilder text;

    /// @param command `janklab run`
    public ShellCommand(String command) {
        text = new StringBuilder(command);
    }

    public ShellCommand option(String name, String value) {
        text.append(' ').append(name).append(' ').append(ShellWord.of(value));
        return this;
    }

    /// `--set KEY=VALUE` for each.
    public ShellCommand set(Map<String, String> changes) {
        changes.forEach((key, value) -> option("--set", key + "=" + value));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
