package io.janklab.workloads.bench;

import io.janklab.dashboards.browser.Browser;
import io.janklab.workloads.cli.ServedPage;
import io.janklab.workloads.live.LiveServer;
import io.janklab.workloads.live.http.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// From a slider's move to the first curves of what it asks, in a real Chromium: the pause that lets a drag go on, the simulation of a
/// first look, and the drawing of its charts. Each move asks what has not been asked before.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 3, time = 10)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"})
public class FirstCurveBenchmark {
    @Param({"scroll", "gc-storm"})
    public String scenario;

    private LiveServer server;
    private Browser browser;
    private int moves;

    @Setup
    public void open() throws IOException {
        if (!Browser.isInstalled()) {
            throw new IllegalStateException("Chromium and its chromedriver are not installed: there is no slider to move.");
        }
        server = ServedPage.start(0, Limits.USUAL);
        browser = new Browser(Files.createTempDirectory("janklab-bench"));
        browser.open(server.url() + "?seeds=10&duration=5s&scenario=" + scenario);
        browser.await("document.querySelector('.panel').dataset.seeds === '0'");
    }

    @Benchmark
    public void sliderToFirstCurve() {
        browser.run("""
                const slider = document.querySelector('[data-slider="frame.traversal.medianUs"]');
                slider.value = %d;
                slider.dispatchEvent(new Event('input', { bubbles: true }))""".formatted(500 + 50 * (moves++ % 100)));
        browser.await("document.querySelector('.panel').dataset.seeds >= '0'");
    }

    @TearDown
    public void close() {
        browser.close();
        server.close();
    }
}
