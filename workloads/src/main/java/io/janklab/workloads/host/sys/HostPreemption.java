package io.janklab.workloads.host.sys;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// Where tasks make way in this host's kernel, as [io.janklab.kernel.config.Switch#PREEMPT] names it: `none` or `full`.
///
/// The command line wins over the configuration (`CONFIG_PREEMPT_DYNAMIC`). Voluntary preemption counts as none, lazy as full.
public final class HostPreemption {
    private static final Pattern CHOSEN = Pattern.compile("\\bpreempt=(none|voluntary|full|lazy)\\b");
    private static final Pattern CONFIGURED = Pattern.compile("^CONFIG_PREEMPT_(NONE|VOLUNTARY)=y$", Pattern.MULTILINE);

    private HostPreemption() {}

    /// `full` where the kernel does not tell.
    public static String current() {
        return of(text("/proc/cmdline"), text("/proc/config.gz"));
    }

    static String of(String commandLine, String configuration) {
        Matcher chosen = CHOSEN.matcher(commandLine);
        boolean none = chosen.find() ? chosen.group(1).matches("none|voluntary") : CONFIGURED.matcher(configuration).find();
        return none ? "none" : "full";
    }

    /// Empty if it cannot be read.
    private static String text(String path) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of(path));
            if (path.endsWith(".gz")) {
                bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
