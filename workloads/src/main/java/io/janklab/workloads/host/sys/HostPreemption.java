package io.janklab.workloads.host.sys;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where tasks can be preempted in this host's kernel, as [io.janklab.kernel.config.Switch#PREEMPT] names it: `none` or `full`.
///
/// The command line wins over the configuration (`CONFIG_PREEMPT_DYNAMIC`). Voluntary preemption counts as none, lazy as full.
public final class HostPreemption {
    private static final Pattern CHOSEN = Pattern.compile("\\bpreempt=(none|voluntary|full|lazy)\\b");
    private static final Pattern CONFIGURED = Pattern.compile("^CONFIG_PREEMPT_(NONE|VOLUNTARY)=y$", Pattern.MULTILINE);

    private HostPreemption() {}

    /// `full` where the kernel does not say.
    public static String current() {
        String configuration = HostFiles.text("/proc/config.gz");
        return of(HostFiles.text("/proc/cmdline"), configuration.isEmpty()
                ? HostFiles.text("/boot/config-" + System.getProperty("os.version"))
                : configuration);
    }

    static String of(String commandLine, String configuration) {
        Matcher chosen = CHOSEN.matcher(commandLine);
        boolean none = chosen.find() ? chosen.group(1).matches("none|voluntary") : CONFIGURED.matcher(configuration).find();
        return none ? "none" : "full";
    }
}
