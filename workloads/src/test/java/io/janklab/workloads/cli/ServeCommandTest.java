package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.cli.live.LivePlanner;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.live.ask.Plan;
import io.janklab.workloads.live.ask.Question;
import io.janklab.workloads.live.http.Query;
import io.janklab.workloads.recording.SampleRecording;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServeCommandTest {
    @TempDir
    Path folder;

    @Test
    void portsAndRecordingsThatCannotBeHadAreRefused() throws IOException {
        assertThat(CommandLineRun.bad("serve", "--port", "65536")).contains("--port takes a port from 0 to 65535, not 65536.");
        assertThat(CommandLineRun.bad("serve", "--recording", "nowhere.txt")).contains("--recording nowhere.txt cannot be read.");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(CommandLineRun.bad("serve", "--port", String.valueOf(taken.getLocalPort())))
                    .contains("--port cannot have port " + taken.getLocalPort());
        }
    }

    @Test
    void saysWhereItServesAndEndsWhenToldTo() throws Exception {
        StringWriter out = new StringWriter();
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread serving = Thread.ofPlatform()
                .start(() -> exit.complete(CommandLineRun.execute(out, new StringWriter(), "serve", "--port", "0")));
        while (!out.toString().contains("Ctrl-C")) {
            Thread.onSpinWait();
        }
        serving.interrupt();

        assertThat(exit.get()).isZero();
        assertThat(out.toString()).matches("Serving at http://127\\.0\\.0\\.1:\\d+/ \\(Ctrl-C ends it\\)\\.\\R");
    }

    @Test
    void recordingsAreAskedForByTheNameOfTheirFile() throws IOException {
        Path file = Files.writeString(folder.resolve("app.txt"), SampleRecording.text(3));
        LivePlanner planner = new LivePlanner(Map.of("app.txt", file), 1_000_000_000);
        Plan plan = planner.plan(new Question(Query.parse("recording=app.txt&seeds=1")));

        assertThat(plan.command()).isEqualTo("janklab compare --kernels 6.12,6.17 --recording " + file + " --seeds 1 --no-bound");
        assertThat(planner.plan(new Question(Query.parse("recording=app.txt&seeds=1")))).isSameAs(plan);
        assertThatThrownBy(() -> planner.plan(new Question(Query.parse("recording=ap.txt"))))
                .isInstanceOf(BadInput.class).hasMessageContaining("did you mean 'app.txt'?");
    }

    @Test
    void recordingIsOpenedOnceForAllQuestionsAboutIt() throws IOException {
        Path file = Files.writeString(folder.resolve("app.txt"), SampleRecording.text(3));
        LivePlanner planner = new LivePlanner(Map.of("app.txt", file), 1_000_000_000);
        Plan before = planner.plan(new Question(Query.parse("recording=app.txt&seeds=1")));
        Plan after = planner.plan(new Question(Query.parse("recording=app.txt&seeds=1&b.kernel=6.19")));

        assertThat(after.runs(0).getLast().kernel()).isNotEqualTo(before.runs(0).getLast().kernel());
        assertThat(after.runs(0).getFirst().recording()).isSameAs(before.runs(0).getFirst().recording());
    }
}
