package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program that is stopped before its first instruction, until its events are recorded.
final class StoppedProgram {
    private StoppedProgram() {}

    /// @param output where its output and its errors go
    static Process start(List<String> command, Redirect output) throws IOException, InterruptedException {
        List<String> stopped = new ArrayList<>(List.of("sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"));
        stopped.addAll(command);
        Process child = new ProcessBuilder(stopped).redirectInput(Redirect.INHERIT).redirectOutput(output).redirectError(output).start();
        awaitStopped(child.pid());
        return child;
    }

    private static void awaitStopped(long pid) throws IOException, InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            if (stat.charAt(stat.lastIndexOf(')') + 2) == 'T') {
                return;
            }
            Thread.sleep(1);
        }
        throw new BadInput("the program could not be stopped before its start.");
    }

    /// In a Turkish locale procps' kill does not know SIGCONT.
    static void resume(long pid) throws IOException, InterruptedException {
        ProcessBuilder kill = new ProcessBuilder("kill", "-CONT", String.valueOf(pid)).redirectErrorStream(true);
        kill.environment().put("LC_ALL", "C");
        if (kill.redirectOutput(Redirect.DISCARD).start().waitFor() != 0) {
            throw new BadInput("the program could not be started, for the signal to go on did not reach it.");
        }
    }
}
