package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Simulation;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.scenario.KeyChoice;
import io.janklab.workloads.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class MainTest extends InScratchFolder {
    private int janklab(String... args) {
        return execute(args);
    }

    private String[] shortRun(String command, String... more) {
        return Stream.concat(Stream.of(command, "--duration", "300ms", "--out", out.toString()), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void compareWritesTheWholeFolder() throws IOException {
        int exit = janklab(shortRun("compare", "--kernels", "6.12,6.17", "--seeds", "2"));

        assertThat(stderr.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(stdout.toString()).contains("frameDurationCpuMs P99").contains("6.12").contains("6.17").contains("madvise on 6.17");
        assertThat(files(out))
                .containsExactlyInAnyOrder("result.json", "metrics.txt", "report.html", "benchmarkData.json", "gfxinfo-6.12.txt",
                "gfxinfo-6.17.txt");
        assertThat(stdout.toString()).containsPattern("Written to [^:]*: [^:]*\\sgfxinfo-6.12.txt,\\s");
        assertThat(files(folder)).containsExactly("out");
    }

    @Test
    void jsonAloneIsTheContractOnStdout() throws IOException {
        int exit = janklab(shortRun("compare", "--kernels", "6.12,6.17", "--seeds", "2", "--json"));

        assertThat(exit).isZero();
        JsonNode result = JsonMapper.shared().readTree(stdout.toString());
        assertThat(result.get("scenario").asString()).isEqualTo("scroll");
        assertThat(result.get("device").asString()).isEqualTo("pixel-6");
        assertThat(result.get("seeds")).hasSize(2);
        assertThat(result.get("trace").isNull()).isTrue();
        assertThat(result.get("kernels")).hasSize(2);
        result.get("kernels").forEach(MainTest::checkKernel);
        JsonNode comparison = result.get("comparisons").get(0);
        assertThat(comparison.propertyNames()).contains("from", "to", "metric", "difference", "low", "high");
        assertThat(JsonMapper.shared().readTree(Files.readString(out.resolve("result.json")))).isEqualTo(result);
    }

    @Test
    void boundIsRunUnlessToldNot() {
        assertThat(janklab(shortRun("compare", "--kernels", "6.12,6.17", "--seeds", "1"))).isZero();
        assertThat(stdout.toString()).contains("bound: 6.12 with every lock granted at once")
                .contains("With every lock granted at once it would change by");

        stdout.getBuffer().setLength(0);
        assertThat(janklab(shortRun("compare", "--kernels", "6.12,6.17", "--seeds", "1", "--no-bound"))).isZero();
        assertThat(stdout.toString()).doesNotContain("bound");
    }

    private static void checkKernel(JsonNode kernel) {
        assertThat(kernel.propertyNames())
                .contains("name", "switches", "digest", "frames", "madvise", "faults", "inversion", "memory", "virtualNs", "hostNs");
        assertThat(kernel.get("frames").propertyNames()).contains("count", "janky", "frameDurationCpuMs", "frameOverrunMs");
        assertThat(kernel.get("frames").get("frameDurationCpuMs").propertyNames()).contains("P50", "P90", "P95", "P99", "max");
        assertThat(kernel.get("frames").get("count").asInt()).isPositive();
        assertThat(kernel.get("madvise").propertyNames()).contains("calls", "vmaLock", "mmapLock", "fallbacks");
        assertThat(kernel.get("faults").propertyNames()).contains("vmaLock", "mmapLock", "retry");
        assertThat(kernel.get("inversion").propertyNames()).contains("uiNs", "chains");
        assertThat(kernel.get("memory").propertyNames()).contains("rssPeakBytes", "pageTablePeakBytes", "pageTableEndBytes");
        assertThat(kernel.get("memory").get("rssPeakBytes").asLong()).isPositive();
    }

    @Test
    void anyTwoSettingsAreComparedSeedForSeed() throws IOException {
        int exit = janklab(shortRun("compare", "--a", "kernel=6.12", "--b", "kernel=6.12,heap.decayMs=10000,purger=background-thread",
                "--seeds", "2", "--json"));

        assertThat(exit).isZero();
        JsonNode kernels = JsonMapper.shared().readTree(stdout.toString()).get("kernels");
        assertThat(kernels).extracting(kernel -> kernel.get("name").asString()).containsExactly("A", "B");
        assertThat(kernels.get(1).get("switches").get("nativeHeap.decayMs").asString()).isEqualTo("10000");
        assertThat(kernels.get(1).get("switches").get("nativeHeap").asString())
                .startsWith("Scudo (release_to_os_interval_ms:10000,")
                .endsWith("unused pages purged by a thread of the heap's own");
        assertThat(kernels.get(1).get("switches").get("nativeHeap.purger").asString()).isEqualTo("background-thread");
        assertThat(kernels.get(0).get("digest")).isNotEqualTo(kernels.get(1).get("digest"));
        assertThat(Files.readString(out.resolve("metrics.txt"))).contains("kernel=\"A\"").contains("kernel=\"B\"");
    }

    @Test
    void sideThatOnlyNamesItsKernelRunsAsInACompareOfKernels() {
        assertThat(janklab(shortRun("compare", "--kernels", "6.12,6.17", "--seeds", "1", "--no-bound"))).isZero();
        String ofKernels = stdout.toString();
        stdout.getBuffer().setLength(0);
        assertThat(janklab(shortRun("compare", "--a", "kernel=6.12", "--b", "kernel=6.17", "--seeds", "1", "--no-bound"))).isZero();

        assertThat(stdout.toString()).isEqualTo(ofKernels);
    }

    @Test
    void valuesThatAreVariedAreSidesOfTheirOwn() {
        String[] compare =
                shortRun("compare", "--vary", "heap.decayMs=0,100,1000", "--kernel", "6.12", "--seeds", "1", "--no-bound");
        assertThat(janklab(compare)).isZero();

        assertThat(stdout.toString()).contains("decayMs=0: kernel 6.12, nativeHeap.decayMs=0").contains("decayMs=1000");
    }

    @Test
    void runDoesOneKernelAndOneSeed() {
        int exit = janklab(shortRun("run", "--kernel", "6.6", "--seed", "9", "--set", "madvise.dontneed.lock=vma", "--set",
                "frame.steps=2", "--json"));

        assertThat(exit).isZero();
        JsonNode result = JsonMapper.shared().readTree(stdout.toString());
        assertThat(result.get("seeds").get(0).asInt()).isEqualTo(9);
        JsonNode kernel = result.get("kernels").get(0);
        assertThat(kernel.get("name").asString()).isEqualTo("6.6+madvise.dontneed.lock=vma");
        assertThat(kernel.get("switches").get("madvise.dontneed.lock").asString()).isEqualTo("vma");
    }

    @Test
    void traceDrivesTheNativeHeap() throws IOException {
        Path trace = Files.writeString(folder.resolve("t.txt"),
                "1: malloc 0x10 100\n2: malloc 0x20 5000\n1: free 0x20\n2: thread_done 0x0\n");

        int exit = janklab(shortRun("run", "--trace", trace.toString()));

        assertThat(stderr.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(stdout.toString()).contains("all 4 records of t.txt").containsPattern("spread\\s+evenly\\s+over\\s+the\\s+frames");
    }

    @Test
    void verifiedRunSaysSo() {
        assertThat(janklab(shortRun("run", "--verify"))).isZero();

        assertThat(stdout.toString()).contains("Verified: done twice, and the result is the same.");
    }

    @Test
    void quietPrintsNothing() {
        int exit = janklab(shortRun("run", "--quiet"));

        assertThat(exit).isZero();
        assertThat(stdout.toString()).isEmpty();
        assertThat(out).isDirectory();
    }

    @Test
    void listIsAnOverviewThatNamesItsOtherTopics() {
        assertThat(janklab("list")).isZero();

        assertThat(stdout.toString()).contains("6.12", "gc-storm", "pixel-6", "tlb_flush1", "--switches", "--keys", "--rules")
                .doesNotContain("rule.pmd");
        assertThat(stdout.toString().lines()).hasSizeLessThan(70).allMatch(line -> line.length() <= 140);
    }

    @Test
    void switchesAndRulesAreTopicsOfTheirOwn() {
        assertThat(janklab("list", "--switches", "--rules")).isZero();

        assertThat(stdout.toString()).contains("madvise.dontneed.lock", "mmap | vma", "rule.pmd-recheck");
    }

    @Test
    void everyKeyIsListedWithDefaultRangeAndMeaning() {
        assertThat(janklab("list", "--keys")).isZero();

        assertThat(stdout.toString().lines()).anyMatch(line -> line.matches(" +nativeHeap\\.decayMs +1000 +-1 … 1000000000"))
                .anyMatch(line -> line.matches(" +javaHeap\\.ioctl +copy +copy \\| move"));
        assertThat(stdout.toString()).contains("ms until unused pages are purged (dirty_decay_ms");
        assertThat(Scenario.choices(Scenario.REFERENCE)).filteredOn(key -> key.meaning().isEmpty()).extracting(KeyChoice::key)
                .as("keys of which reference.yaml says nothing").isEmpty();
    }

    @Test
    void showTellsWhatAScenarioChanges() {
        assertThat(janklab("show", "scenario", "gc-storm")).isZero();
        assertThat(stdout.toString()).containsPattern("javaHeap\\.uiKibPerFrame +480 .*\\(192 by default\\)");

        assertThat(janklab("show", "device", "pixel-6")).isZero();
        assertThat(janklab("show", "kernel", "6.17")).isZero();
        assertThat(stdout.toString()).contains("gs101").containsPattern("madvise\\.free\\.lock +vma");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            compare --kernels 6.12,6.71            | there is no kernel '6.71' (did you mean '6.19'?)
            run --kernel android14-6.6             | there is no kernel 'android14-6.6' (did you mean 'android14-6.1'?)
            run --kernel 5.15                      | there is no kernel '5.15' (did you mean 'android13-5.15' or '6.1'?)
            run --kernel 5.4                       | there is no kernel '5.4' (the oldest are android12-5.10 and 6.1)
            run --kernel 6.1+fault.vma-lock        | after the + comes SWITCH=VALUE
            run --kernel 6.1+fault.vma-lock=some   | the switch fault.vma-lock takes off or anon or all, not 'some'
            compare --kernels 6.12                 | compare needs at least two different kernels
            compare --kernels 6.12,6.12            | compare needs at least two different kernels
            compare --a kernel=6.12                | --a and --b go together
            compare --a kernel=6.12 --b kernel=6.17 --kernels 6.1,6.6 | --a and --b go together
            compare --a kernel=6.12 --b kernel=6.12 | two of the settings are the same
            compare --a kernel --b kernel=6.12     | --a takes KEY=VALUE,KEY=VALUE… such as
            compare --a decayMs=1 --b decayMs=2,decayMs=3 | --b: 'decayMs' is given twice.
            compare --a medianUs=1 --b medianUs=2  | give one of them in full
            compare --a scenario=scroll --b scenario=uffd-move | measure different things
            compare --vary heap.decayMs=5          | --vary needs at least two values
            show scenery scroll                    | show takes scenario, device, kernel or litmus, not 'scenery' (did you mean 'scenario'?)
            show scenario scrol                    | there is no scenario 'scrol' (did you mean 'scroll'?)
            run --kernel six                       | there is no kernel 'six'
            run --device pixel-7                   | there is no device 'pixel-7' (did you mean 'pixel-6'?)
            run --scenario scrol                   | there is no scenario 'scrol' (did you mean 'scroll'?)
            run --set madvise.dontneed.lock=none   | the switch madvise.dontneed.lock takes mmap or vma, not 'none'.
            run --set madvise.dontneed.lok=vma     | unknown key 'madvise.dontneed.lok' (did you mean 'madvise.dontneed.lock'?)
            run --set nothing                      | --set
            run --trace nowhere.zip                | there is no trace file nowhere.zip.
            run --duration 20                      | a duration looks like 20s, 500ms or 2min
            run --duration 0s                      | a duration looks like 20s, 500ms or 2min
            run --seeds 0                          | --seeds takes a number from 1 to 10000, not 0.
            run --seeds many                       | --seeds
            run --trace-window -1                  | --trace-window takes milliseconds, 0 or more, not -1.
            run --pace fast                        | a pace looks like 1x, 10x or max, not 'fast'
            run --pace 0x                          | a pace looks like 1x, 10x or max, not '0x'
            run --serve=70000                      | --serve takes a port from 0 to 65535, not 70000.
            run --otlp ftp://host/x                | a receiver looks like http://127.0.0.1:4318/v1/metrics
            run --epoch yesterday                  | an instant looks like 2026-01-31T12:00:00Z, not 'yesterday'
            run --seeds 2 --seed 3                 | mutually exclusive
            run --colour                           | --colour
            launch                                 | launch
            """)
    void badInputIsOneSentenceAndExitCode2AndLeavesNothing(String line, String sentence) throws IOException {
        Stream<String> more = line.startsWith("launch") ? Stream.of() : Stream.of("--out", out.toString());
        String[] args = Stream.concat(Stream.of(line.split(" ")), more).toArray(String[]::new);

        int exit = janklab(args);

        assertThat(exit).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString().strip().lines()).hasSize(1);
        assertThat(stderr.toString()).startsWith("janklab: ").contains(sentence);
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void scalePrintsCoresByKernels() {
        assertThat(janklab("scale", "mmap1", "--cores", "1,2,2", "--kernels", "6.1,6.17,6.1", "--duration", "1ms")).isZero();

        assertThat(stdout.toString().lines()).hasSize(4).first().asString().startsWith("# mmap1, threads, pixel-6");
        assertThat(stdout.toString().lines().skip(1)).first().asString().matches("cores +6\\.1 +6\\.17");
        assertThat(stdout.toString().lines().skip(3)).first().asString().matches(" +2 +[\\d,]+ +[\\d,]+");
    }

    @Test
    void scaleJsonHasARowForEachKernelAndNumberOfCores() {
        assertThat(janklab("scale", "brk1", "--cores", "1", "--kernels", "6.1,6.17", "--duration", "1ms", "--processes",
                "--json")).isZero();

        JsonNode result = JsonMapper.shared().readTree(stdout.toString());
        assertThat(result.get("mode").asString()).isEqualTo("processes");
        assertThat(result.get("results")).hasSize(2);
        assertThat(result.get("results").get(0).propertyNames()).containsExactly("kernel", "cores", "iterations", "perSecond", "digest");
        assertThat(result.get("results").get(0).get("perSecond").asDouble()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scale page_fault                       | there is no loop 'page_fault' (did you mean 'page_fault1'?)
            scale mmap1 --cores 0                  | --cores takes numbers from 1 to 64, not 0.
            scale mmap1 --cores 65                 | --cores takes numbers from 1 to 64, not 65.
            scale mmap1 --kernels 6.71             | there is no kernel '6.71'
            scale mmap1 --set frame.steps=2        | there is no kernel switch 'frame.steps'
            scale                                  | LOOP
            """)
    void badScaleIsOneSentenceAndExitCode2(String line, String sentence) {
        assertThat(janklab(line.split(" "))).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stdout.toString()).isEmpty();
        assertThat(stderr.toString().strip().lines()).hasSize(1);
        assertThat(stderr.toString()).startsWith("janklab: ").contains(sentence);
    }

    @CommandLine.Command(name = "break-a-rule")
    static final class BreakARule implements Runnable {
        @Override
        public void run() {
            Kernel kernel = new Kernel(
                    new Simulation(42),
                    Hardware.symmetric(Architecture.ARM64, 1, 64 << 20),
                    KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64),
                    CostModel.defaults());
            kernel.createProcess("app").spawn("main", TaskAttributes.normal(0), task -> {
                task.preemptDisable();
                task.block(TaskState.INTERRUPTIBLE);
            });
            kernel.run(1_000_000);
        }
    }

    @Test
    void brokenKernelRuleHasAnExitCodeOfItsOwnAndAReport() {
        CommandLine commandLine = Main.commandLine().addSubcommand(new BreakARule());
        commandLine.setErr(new PrintWriter(stderr));

        assertThat(commandLine.execute("break-a-rule")).isEqualTo(ExitCode.KERNEL_RULE_BROKEN);

        assertThat(stderr.toString()).startsWith("janklab: ").contains("sleeping while atomic").contains("app/main").contains("seed 42");
        assertThat(stderr.toString()).contains("holds no locks").contains("BreakARule").contains("kswapd0");
    }

    @Test
    void fileInPlaceOfTheFolderIsRefusedBeforeRunning() throws IOException {
        Files.writeString(out, "mine");

        assertThat(janklab(shortRun("run"))).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stderr.toString()).contains("is a file, not a folder");
        assertThat(Files.readString(out)).isEqualTo("mine");
    }

    @Test
    void folderOfSomebodyElsesIsRefusedWithoutForce() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("thesis.tex"), "mine");

        assertThat(janklab(shortRun("run"))).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stderr.toString()).contains("holds files of others").contains("--force");
        assertThat(files(out)).containsExactly("thesis.tex");
        assertThat(janklab(shortRun("run", "--force"))).isZero();
        assertThat(files(out)).contains("thesis.tex", "result.json");
        assertThat(janklab(shortRun("run"))).isZero();
    }

    @Test
    void laterRunTakesAwayWhatAnEarlierOneLeftAndItDoesNotWrite() throws IOException {
        assertThat(janklab(shortRun("run", "--off-cpu"))).isZero();
        assertThat(files(out)).contains("offcpu.folded");

        assertThat(janklab(shortRun("run"))).isZero();

        assertThat(files(out)).doesNotContain("offcpu.folded").contains("result.json", "gfxinfo.txt");
    }

    @Test
    void dashboardsAreWrittenForGrafanaAndPrometheus() {
        Path dashboards = folder.resolve("provisioning");

        assertThat(janklab("dashboards", "--out", dashboards.toString())).isZero();

        assertThat(dashboards.resolve("grafana/dashboards/overview.json")).exists();
        assertThat(stdout.toString().lines()).hasSize(9).allMatch(line -> Files.exists(Path.of(line)));
    }

    private static List<String> files(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
