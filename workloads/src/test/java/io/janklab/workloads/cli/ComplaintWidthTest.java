package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A complaint about a name says the nearest that there is, and where the others are listed if they are many.
final class ComplaintWidthTest {
    private static final int WIDTH = 100;

    @ParameterizedTest
    @ValueSource(strings = {
        "compare --kernels 6.1,6.99",
        "compare --kernels 6.1,6.17+x.y=z",
        "compare --kernels 6.1,6.17+rwsem.policy=fair",
        "compare --kernels 6.1,6.17+fault.vma-lock=some",
        "compare --scenario scrol",
        "compare --device pixel6",
        "compare --set workers.imagePerS=4",
        "compare --set nativeHeap.preset=dlmalloc",
        "compare --set javaHeap.collector=zgc",
        "compare --set threads.a.advise.advice=drop",
        "compare --a kernel=6.99 --b kernel=6.1",
        "compare --a kernl=6.1 --b kernel=6.1",
        "run --kernel 6.0",
        "run --scenario launchh",
        "run --trace-window x",
        "sweep --vary device=pixel-7",
        "sweep --vary workers.imagePerS=1,2",
        "sweep --kernels 5.4",
        "sweep --engine flink",
        "advise --device nexus",
        "explain 6.1 6.6 --metric frameOverrun",
        "explain --bisect 6.1 6.6 --metric frameOverrun",
        "map --kernels 6.1,6.6 --x devic=pixel-6 --y load.jobs.threads=1",
        "map --kernels 6.1,6.6 --x device=pixel-5 --y load.jobs.threads=1",
        "map --kernels 6.1,6.6 --metric frameOverrun --x load.jobs.threads=1 --y workers.imagesPerS=1",
        "explore fault-munmapp",
        "explore fault-munmap --strategy dfss",
        "explore fault-munmap --without pmd",
        "explore fault-munmap --arch riscv",
        "explore pairs --ops mmapp",
        "explore pairs --kernel 6.99",
        "scale pagefault1",
        "show kernel 6.99",
        "show scenario scrolll",
        "show device pixel",
        "show litmus fault-munmapp",
        "replay --preset dlmalloc nothing.txt",
        "replay nothing.txt",
        "import nothing.txt",
        "dashboards --outt x",
        "list --key",
        "completion zshh",
        "diff one",
        "diff one two",
        "merge one",
        "runn"})
    void eachFitsTheTerminal(String line) {
        assertThat(CommandLineRun.bad(line.split(" ")).lines()).allSatisfy(each -> assertThat(each).hasSizeLessThanOrEqualTo(WIDTH));
    }
}
