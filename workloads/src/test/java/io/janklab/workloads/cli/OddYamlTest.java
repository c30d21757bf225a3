package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is wrong with a YAML file is said at once, in the order of its lines: a sentence each, with file and line.
final class OddYamlTest {
    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static List<String> complaints(String... command) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        assertThat(CommandLineRun.execute(stdout, stderr, command)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stdout.toString()).isEmpty();
        return stderr.toString().lines().map(line -> line.replaceFirst("^janklab: ", "")).toList();
    }

    private List<String> ofScenario(String text) throws IOException {
        return complaints("run", "--scenario", file("s.yaml", text));
    }

    private List<String> ofDevice(String text) throws IOException {
        return complaints("run", "--device", file("d.yaml", text));
    }

    private static String budget() throws IOException {
        try (InputStream in = OddYamlTest.class.getResourceAsStream("/io/janklab/workloads/device/budget-4gb.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.strip().startsWith("#") && !line.isBlank())
                    .reduce("", (all, line) -> all + line + "\n");
        }
    }

    @Test
    void everyMissingKeyOfADeviceIsSaidAtOnce() throws IOException {
        List<String> said = ofDevice("description: x\narchitecture: arm64\nzram: { sizeMiB: 0, ratio: 1 }\n");

        assertThat(said).hasSize(22).allMatch(sentence -> sentence.matches("d\\.yaml: the key \\S+ is missing\\."))
                .startsWith("d.yaml: the key clusters is missing.", "d.yaml: the key memoryMiB is missing.")
                .endsWith("d.yaml: the key display.buffers is missing.");
    }

    @Test
    void aMissingKeyHidesNoOtherFault() throws IOException {
        assertThat(ofDevice(budget().replace("memoryMiB: 3712", "memoryMib: 3712").replace("refreshHz: 60", "refreshHz: 61")
                .replace("cpuWork: 0.4, gpuTime: 1.64", "gpuTime: 0")))
                .containsExactly(
                        "d.yaml:4: unknown key 'memoryMib' (did you mean 'memoryMiB'?).",
                        "d.yaml:23: display.refreshHz is one of display.modesHz, not '61'.",
                        "d.yaml:28: the key frames.cpuWork is missing.",
                        "d.yaml:28: frames.gpuTime lies between 0.01 and 100, not '0'.",
                        "d.yaml: the key memoryMiB is missing.");
    }

    @Test
    void whatFollowsFromAFaultIsNoFaultOfItsOwn() throws IOException {
        assertThat(ofDevice(budget().replace("clusters:\n", "clusters:\n  x: { count: none }\n").replace("top-app: 0-7", "top-app: 0-9")))
                .containsExactly("d.yaml:7: clusters.x.count is a whole number, not 'none'.",
                        "d.yaml:7: the key clusters.x.capacity is missing.");
        assertThat(ofDevice(budget().replace("modesHz: 60", "modesHz: sixty")))
                .containsExactly("d.yaml:24: display.modesHz is a list of whole numbers like 60,90, not 'sixty'.");
        assertThat(ofScenario("launch: { threads: many, awaited: 12 }\njavaHeap: { growthLimitMiB: x, initialMiB: 99 }\n"))
                .containsExactly("s.yaml:1: launch.threads is a whole number, not 'many'.",
                        "s.yaml:2: javaHeap.growthLimitMiB is a whole number, not 'x'.");
        assertThat(ofScenario("program: ap\nheadline: iterations\n"))
                .containsExactly("s.yaml:1: program is among its values in janklab list --keys (did you mean 'app'?), not 'ap'.");
    }

    @Test
    void clustersAndCostsThatCannotBe() throws IOException {
        assertThat(ofDevice(budget().replace("little: { count: 4,", "little: { count: 40,")
                .replace("big:    { count: 4,", "big: { count: 30,")
                + "costs:\n  ipi.delivery: 5,4,3\n  irq: -1\n  iqr: 2\n  interruptions.perSecond: 5\n"))
                .containsExactly(
                        "d.yaml:8: clusters.big.count leaves a device with at most 64 cpus in all, not '30'.",
                        "d.yaml:30: costs.ipi.delivery is 6 ascending whole numbers, not '5,4,3'.",
                        "d.yaml:31: costs.irq lies between 0 and 1000000000, not '-1'.",
                        "d.yaml:32: unknown key 'costs.iqr' (did you mean 'costs.irq'?).",
                        "d.yaml:33: the key costs.interruptions.ns is missing.");
        assertThat(ofDevice(budget().replaceFirst("(?s)clusters:.*cpusets:", "clusters: 4\ncpusets:")))
                .containsExactly("d.yaml:6: clusters has clusters below it, each with count and capacity, not '4'.");
    }

    @Test
    void faultsOfTheFormAreSaidWithTheOthers() throws IOException {
        assertThat(ofScenario("durationS: 1\ndurationS: 2\nwarmUpS:\nrefreshHz: [60, 120]\nframe: 5\nmemMiB: &all 7\nunused: *all\n"))
                .containsExactly(
                        "s.yaml:2: durationS is given twice.",
                        "s.yaml:3: warmUpS has no value.",
                        "s.yaml:4: refreshHz is a list: it takes one value, or keys below it.",
                        "s.yaml:5: unknown key 'frame', which has no value but keys below it, such as frame.builtBy.",
                        "s.yaml:7: unused refers to an anchor, which is not done here: it takes a value.");
    }

    @Test
    void whatIsNoYamlSaysWhereItWentWrong() throws IOException {
        assertThat(ofScenario("durationS: 1\nframe: { ui: { medianUs: 1\n"))
                .containsExactly("s.yaml:2: this is not YAML: a '{' without its '}', or without a ',' between two keys (column 14).");
        assertThat(ofScenario("frame:\n\tsteps: 1\n"))
                .containsExactly("s.yaml:2: this is not YAML: a tab where only spaces may be: YAML indents with spaces (column 1).");
        assertThat(ofScenario("durationS: 1\nwarmUpS 2\nrefreshHz: 60\n"))
                .containsExactly("s.yaml:2: this is not YAML: a line without ': ' between its key and its value (column 1).");
        assertThat(ofScenario("headline: \"x\n"))
                .containsExactly("s.yaml:1: this is not YAML: a quotation mark that is not closed (column 11).");
        assertThat(ofScenario("durationS: 1\n warmUpS: 2\n")).containsExactly("s.yaml:2: this is not YAML: a ':' where no key can end: "
                + "a second one in its line, or a line indented too far (column 9).");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: @x\n", "a: }\n", "a: |x\n", "a: \"\\q\"\n", "a: [1\n: 2\n", "frame: { ui\n"})
    void whatIsNoYamlIsSaidWithoutTheParsersOwnWords(String yaml) throws IOException {
        assertThat(ofScenario(yaml)).singleElement().asString().matches("s\\.yaml:1: this is not YAML: .* \\(column \\d+\\)\\.")
                .doesNotContain("token", "scalar", "flow", "node", "stream", "<");
    }

    @Test
    void keysOfAThreadAreCalledAsTheyStandInTheFile() throws IOException {
        assertThat(ofScenario("threads:\n  raster: { nice: 99, per: hour }\n  io:\n    nise: 3\n"))
                .containsExactly(
                        "s.yaml:2: threads.raster.nice lies between -20 and 19, not '99'.",
                        "s.yaml:2: threads.raster.per is one of second, frame, not 'hour'.",
                        "s.yaml:4: unknown key 'threads.io.nise' (did you mean 'threads.io.nice'?).");
        assertThat(ofScenario("threads: 5\n"))
                .containsExactly("s.yaml:1: unknown key 'threads', which has no value but keys below it, such as threads.NAME.name.");
    }

    @Test
    void threadOfAScenariosIsFoundBelowThreads() {
        assertThat(complaints("run", "--scenario", "flutter", "--set", "io.nice=5", "--set", "javaHeap.nice=5"))
                .containsExactly("--set: unknown key 'io.nice' (did you mean 'threads.io.nice'?).",
                        "--set: unknown key 'javaHeap.nice' (did you mean 'javaHeap.advice'?).");
    }

    @Test
    void optionsOfAnAllocatorAreNamedByTheirLine() throws IOException {
        assertThat(ofScenario("nativeHeap:\n  preset: jemalloc\n  purger: nobody\n  conf: narenas:x\n  purgePolicy: Nope.java\nfoo: 1\n"))
                .containsExactly(
                        "s.yaml:3: nativeHeap.purger is among its values in janklab list --keys, not 'nobody'.",
                        "s.yaml:4: scenario key nativeHeap: heap option narenas takes a whole number from 0 to 4094, not 'x'.",
                        "s.yaml:5: there is no file Nope.java.",
                        "s.yaml:6: unknown key 'foo'.");
    }

    @Test
    void filesAndOptionsOfOneCommandAreAllRead() throws IOException {
        assertThat(complaints("run", "--device", file("d.yaml", budget().replace("buffers: 3", "buffers: 300")),
                "--scenario", file("s.yaml", "durationS: x\n"), "--set", "bad=1", "--set", "frame.steps=y", "--kernel", "6.99"))
                .containsExactly(
                        "d.yaml:27: display.buffers lies between 2 and 16, not '300'.",
                        "--set: unknown key 'bad'.",
                        "s.yaml:1: durationS is a number, not 'x'.",
                        "--set: frame.steps is a whole number, not 'y'.",
                        "there is no kernel '6.99' (did you mean '6.19'?); see janklab list.");
    }

    @Test
    void sweepSaysWhatIsWrongWithEachOfItsFiles() throws IOException {
        assertThat(complaints("sweep", "--scenarios", file("one.yaml", "durationX: 3\n") + "," + file("two.yaml", "warmUpS: x\n"),
                "--devices", file("d.yaml", budget().replace("arm64", "riscv")), "--seeds", "1", "--out", folder.resolve("o").toString()))
                .containsExactly(
                        "d.yaml:3: architecture is one of arm64, x86-64, not 'riscv'.",
                        "one.yaml:1: unknown key 'durationX' (did you mean 'durationS'?).",
                        "two.yaml:1: warmUpS is a number, not 'x'.");
        assertThat(folder.resolve("o")).doesNotExist();
    }

    @Test
    void sweepSaysWhatIsWrongWithEachOfItsPoints() {
        assertThat(complaints("sweep", "--vary", "frame.steps=8,x", "--kernels", "6.1,6.99", "--set", "bad=1", "--seeds", "1",
                "--out", folder.resolve("o").toString()))
                .contains("--set: frame.steps is a whole number, not 'x'.", "--set: unknown key 'bad'.",
                        "there is no kernel '6.99' (did you mean '6.19'?); see janklab list.")
                .doesNotHaveDuplicates();
    }

    @Test
    void triesOfAdviseAreCheckedLineByLine() throws IOException {
        assertThat(complaints("advise", "--tries", file("t.yaml",
                "one: kernel\ntwo: kernel=6.99\nthree: nope=3,frame.steps=q\nfour: [1]\nfive: purger=background-thread\n")))
                .containsExactly(
                        "t.yaml:1: one takes KEY=VALUE,KEY=VALUE… such as kernel=6.12,heap.decayMs=10000, unlike 'kernel'.",
                        "t.yaml:2: there is no kernel '6.99' (did you mean '6.19'?); see janklab list.",
                        "t.yaml:3: unknown key 'nope'.",
                        "t.yaml:3: frame.steps is a whole number, not 'q'.",
                        "t.yaml:4: four is a list: it takes one value, or keys below it.");
    }
}
