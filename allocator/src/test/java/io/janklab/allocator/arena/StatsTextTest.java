package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.BareMachine;
import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Against what jemalloc 5.3.0 itself prints (`MALLOC_CONF=stats_print:true,stats_print_opts:x,narenas:1`, Debian's library).
class StatsTextTest {
    private static final long SECOND = 1_000_000_000;

    private static List<String> lines(String options, long uptimeNs) {
        BareMachine machine = new BareMachine(2, 1);
        BareSyscalls syscalls = new BareSyscalls();
        ArenaHeap heap = new ArenaHeap(syscalls, 2, HeapOptions.parse(options), HeapCosts.defaults(), 1);
        machine.spawn("program", task -> {
            long[] blocks = new long[100];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = heap.malloc(task, i % 2 == 0 ? 100 : 20_000);
            }
            for (int i = 0; i < blocks.length / 2; i++) {
                heap.free(task, blocks[i]);
            }
            machine.simulation().stop();
        });
        machine.simulation().run(SECOND);
        return heap.stats().text(uptimeNs).lines().toList();
    }

    @Test
    void headersStandWhereJemallocHasThem() {
        assertThat(lines("narenas:1", SECOND)).contains(
                "___ Begin jemalloc statistics ___",
                "Run-time option settings",
                "  opt.dirty_decay_ms: 10000 (arenas.dirty_decay_ms: 10000)",
                "  opt.zero_realloc: \"free\"",
                "Quantum size: 16",
                "Maximum thread-cached size class: 32768",
                "Number of bin size classes: 36",
                "Number of thread-cache bin size classes: 41",
                "Number of large size classes: 196",
                "arenas[0]:",
                "assigned threads: 1",
                "decaying:  time       npages       sweeps     madvises       purged",
                "                            allocated         nmalloc   (#/sec)         ndalloc   (#/sec)       nrequests   (#/sec)"
                        + "           nfill   (#/sec)          nflush   (#/sec)",
                "bins:           size ind    allocated      nmalloc (#/sec)      ndalloc (#/sec)    nrequests   (#/sec)"
                        + "  nshards      curregs     curslabs  nonfull_slabs regs pgs   util"
                        + "       nfills (#/sec)     nflushes (#/sec)       nslabs     nreslabs (#/sec)",
                "large:          size ind    allocated      nmalloc (#/sec)      ndalloc (#/sec)    nrequests (#/sec)  curlextents",
                "extents:        size ind       ndirty        dirty       nmuzzy        muzzy    nretained     retained       ntotal      "
                        + "  total",
                "                     ---",
                "--- End jemalloc statistics ---");
    }

    /// 100 bytes lie in the class of 112, 20,000 in that of 20,480; of 50 of each, 25 are free again and in the thread's cache or in none.
    @Test
    void rowsTellOfWhatTheProgramDid() {
        List<String> lines = lines("narenas:1,tcache:false", SECOND);
        assertThat(lines)
                .anyMatch(line ->
                line.startsWith(
                "                 112   7         2800           50      50           25      25           50        50        1          "
                + " 25"));
        assertThat(lines)
                .anyMatch(line ->
                line.startsWith(
                "               20480  37       512000           50      50           25      25           50      50           25"));
        assertThat(lines).anyMatch(line -> line.matches("   dirty: 10000 +\\d+ +0 +0 +0"));
        assertThat(lines).anyMatch(line -> line.matches("total: +514800 +100 +100 +50 +50 +100 +100.*"));
    }

    @Test
    void ratesAreByTheSecond() {
        assertThat(lines("narenas:1,tcache:false", 10 * SECOND))
                .anyMatch(line -> line.startsWith("                 112   7         2800           50       5           25       2"));
    }

    @Test
    void nobodySeesAnEmptyClass() {
        List<String> lines = lines("narenas:1,tcache:false", SECOND);
        assertThat(lines).filteredOn(line -> line.matches(" {10,}\\d+ +\\d+ .*")).hasSizeLessThan(12);
    }
}
