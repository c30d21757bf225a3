package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapExtent;
import io.janklab.allocator.HeapExtent.State;
import io.janklab.allocator.preset.HeapConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeapPictureTest {
    private static final long PAGE = 4096;

    private static HeapExtent extent(long page, long pages, State state) {
        return new HeapExtent(page * PAGE, pages * PAGE, state);
    }

    @Test
    void holesBetweenMappingsAreLeftOut() {
        HeapPicture picture = new HeapPicture(List.of(
                new HeapSnapshot(1, List.of(extent(10, 2, State.ACTIVE), extent(1_000_000, 1, State.RETAINED))),
                new HeapSnapshot(2, List.of(extent(10, 1, State.ACTIVE), extent(11, 1, State.DIRTY)))));
        assertThat(picture.rows()).isEqualTo(3);
        assertThat(picture.column(0)).containsExactly(State.ACTIVE, State.ACTIVE, State.RETAINED);
        assertThat(picture.column(1)).containsExactly(State.ACTIVE, State.DIRTY, null);
    }

    @Test
    void cellShowsTheStateThatHasMostOfIt() {
        HeapPicture picture =
                new HeapPicture(List.of(new HeapSnapshot(1, List.of(extent(0, 300, State.ACTIVE), extent(300, 724, State.MUZZY)))));
        assertThat(picture.rowBytes()).isEqualTo(4 * PAGE);
        assertThat(picture.column(0)).hasSize(256).startsWith(State.ACTIVE).endsWith(State.MUZZY);
        assertThat(picture.column(0).stream().filter(State.ACTIVE::equals)).hasSize(75);
    }

    @Test
    void pathsCoverEveryCellOnceLowestAddressAtTheBottom() {
        HeapPicture picture = new HeapPicture(List.of(new HeapSnapshot(1, List.of(extent(0, 2, State.ACTIVE), extent(2, 1, State.DIRTY)))));
        assertThat(picture.path(State.ACTIVE)).isEqualTo("M0 1h1v2h-1z");
        assertThat(picture.path(State.DIRTY)).isEqualTo("M0 0h1v1h-1z");
        assertThat(picture.path(State.MUZZY)).isEmpty();
    }

    @Test
    void heapWithoutExtentsIsAnEmptyPicture() {
        HeapPicture picture = new HeapPicture(List.of(new HeapSnapshot(1, List.of())));
        assertThat(picture.rows()).isZero();
        assertThat(picture.path(State.ACTIVE)).isEmpty();
    }

    /// The bytes of its states are what the heap's counters say.
    @Test
    void replayIsSeenAtManyMoments(@TempDir Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 300; i++) {
            text.append("1: malloc 0x").append(Integer.toHexString(i * 16)).append(" 9000\n");
        }
        for (int i = 1; i <= 300; i += 2) {
            text.append("1: free 0x").append(Integer.toHexString(i * 16)).append('\n');
        }
        AllocationTrace trace = TraceReader.read(Files.writeString(folder.resolve("trace.txt"), text), Map.of());
        HeapOnlyReplay.Result result = new HeapOnlyReplay(trace, HeapConfig.of("jemalloc", "tcache:false"), false, false, 100, 1).execute();
        assertThat(result.snapshots()).hasSizeBetween(120, 150);
        List<HeapExtent> last = result.snapshots().getLast().extents();
        assertThat(bytes(last, State.ACTIVE)).isEqualTo(result.stats().active());
        assertThat(bytes(last, State.DIRTY)).isEqualTo(result.stats().dirty());
        assertThat(bytes(last, State.RETAINED)).isEqualTo(result.stats().retained());
    }

    private static long bytes(List<HeapExtent> extents, State state) {
        return extents.stream().filter(extent -> extent.state() == state).mapToLong(HeapExtent::bytes).sum();
    }
}
