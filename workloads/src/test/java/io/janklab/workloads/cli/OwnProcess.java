package io.janklab.workloads.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line in a process of its own, which can be killed.
final class OwnProcess {
    private OwnProcess() {}

    /// @param script of a shell that starts the program, its arguments
    static List<String> command(String script, List<String> arguments, String... options) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add("io.janklab.workloads.cli.Main");
        command.addAll(arguments);
        return command;
    }
}
