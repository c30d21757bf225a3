package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.arena.ArenaHeap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The host's own jemalloc 5.3 and ours on the same trace, sample by sample. Needs Debian's `libjemalloc2`, or
/// `-Djanklab.jemalloc=PATH`; skipped without.
class HostJemallocTest {
    private static final int EVERY = 5_000;
    private static final String COMMON = "narenas:1,muzzy_decay_ms:0,";
    /// Each trace, read once for all options.
    private static final Map<Path, AllocationTrace> READ = new HashMap<>();

    @AfterAll
    static void forgetTraces() {
        READ.clear();
    }

    /// Not `retain:false`: which mappings then touch, and so merge, is the host kernel's choice.
    static Stream<String> options() {
        return Stream.of(
                "tcache:true,dirty_decay_ms:0",
                "tcache:false,dirty_decay_ms:0",
                "tcache:true,dirty_decay_ms:-1",
                "lg_tcache_max:12,dirty_decay_ms:-1",
                "tcache_nslots_small_max:8,tcache_nslots_large:16,tcache_max:65536,dirty_decay_ms:0",
                "lg_tcache_nslots_mul:-1,tcache_gc_incr_bytes:8192,lg_tcache_flush_small_div:2,dirty_decay_ms:0",
                "tcache_gc_delay_bytes:65536,dirty_decay_ms:-1",
                "oversize_threshold:65536,dirty_decay_ms:0",
                "oversize_threshold:20480,dirty_decay_ms:-1",
                "lg_extent_max_active_fit:2,dirty_decay_ms:-1",
                "bin_shards:1-4096:4,dirty_decay_ms:-1");
    }

    @ParameterizedTest
    @MethodSource("options")
    void samplesAndCountersAreEqual(String options) throws IOException, InterruptedException {
        compare(COMMON + options, SharedTraces.find("systemui"));
    }

    @Test
    void theyAreEqualOnAnotherTraceToo() throws IOException, InterruptedException {
        compare(COMMON + "dirty_decay_ms:0", SharedTraces.find("surfaceflinger"));
    }

    private static void compare(String conf, Path trace) throws IOException, InterruptedException {
        List<String> real = host(conf, trace);
        ArenaHeap heap = new ArenaHeap(new BareSyscalls(), 1, HeapOptions.parse(conf), HeapCosts.free(), 1);
        List<String> ours = HostJemallocReplay.rows(READ.computeIfAbsent(trace, file -> TraceReader.read(file, Map.of())), heap, EVERY);
        assertThat(ours.subList(0, ours.size() - 1)).isEqualTo(real.subList(0, real.size() - 1));
        assertThat(metadata(ours)).isLessThanOrEqualTo(metadata(real) + heap.stats().active() / 50);
    }

    private static long metadata(List<String> rows) {
        return Long.parseLong(rows.getLast().substring("stats.metadata,".length()));
    }

    private static List<String> host(String conf, Path trace) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostJemallocReplay.class.getName(),
                System.getProperty("janklab.jemalloc", "libjemalloc.so.2"),
                trace.toString(),
                Integer.toString(EVERY));
        builder.environment().put("MALLOC_CONF", conf);
        builder.environment().put("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=16384");
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> rows = process.inputReader().lines().toList();
        int exitCode = process.waitFor();
        assumeTrue(exitCode != HostJemallocReplay.NO_LIBRARY, "This host has no libjemalloc.so.2, so there is nothing to compare with.");
        assertThat(exitCode).isZero();
        return rows;
    }
}
