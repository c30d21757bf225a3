package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.workload.FrameJank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What `janklab import` shows of a recording.
@Execution(ExecutionMode.CONCURRENT)
final class SummaryTest {
    private static final String TEXT = """
            # tracer: nop
            # machine: 6.18.44 x86_64 2 25216000
            # process: 20 app
                ui-20 (20) [001] d..2. 1.000000: sched_switch: prev_comm=x prev_pid=9 prev_prio=120 prev_state=S ==> next_comm=ui \
            next_pid=20 next_prio=110
                gc-21 (20) [000] d..2. 1.000000: sched_switch: prev_comm=x prev_pid=8 prev_prio=120 prev_state=S ==> next_comm=gc \
            next_pid=21 next_prio=130
                ui-20 (20) [001] d.... 1.000010: page_fault_user: address=0x1000 ip=0xa error_code=0x6
                ui-20 (20) [001] d.... 1.000020: page_fault_user: address=0x2000 ip=0xa error_code=0x6
                gc-21 (20) [000] d.... 1.000021: page_fault_user: address=0x3000 ip=0xa error_code=0x6
                gc-21 (20) [000] ..... 1.000030: sys_munmap(addr: 0x1000, len: 0x1000)
                gc-21 (20) [000] ..... 1.000031: mmap_lock_start_locking: mm=01 memcg_id=7 write=true
                gc-21 (20) [000] ..... 1.000032: mmap_lock_acquire_returned: mm=01 memcg_id=7 write=true success=true
                ui-20 (20) [001] ..... 1.000040: sys_madvise(start: 0x2000, len_in: 0x1000, behavior: 4)
                ui-20 (20) [001] ..... 1.000041: mmap_lock_start_locking: mm=01 memcg_id=7 write=false
                gc-21 (20) [000] ..... 1.000060: mmap_lock_released: mm=01 memcg_id=7 write=false
                ui-20 (20) [001] ..... 1.000061: mmap_lock_acquire_returned: mm=01 memcg_id=7 write=false success=true
                gc-21 (20) [000] ..... 1.000062: sys_munmap -> 0x0
                ui-20 (20) [001] ..... 1.000071: mmap_lock_released: mm=01 memcg_id=7 write=false
                ui-20 (20) [001] ..... 1.000072: sys_madvise -> 0x0
                ui-20 (20) [001] ..... 1.000080: sys_ioctl(fd: 5, cmd: c028aa03, arg: 7ffd00)
                ui-20 (20) [001] ..... 1.000090: sys_ioctl -> 0x0
                ui-20 (20) [001] ..... 1.000091: sys_ioctl(fd: 5, cmd: c0306201, arg: 7ffd00)
                ui-20 (20) [001] ..... 1.000099: sys_ioctl -> 0x0
            CPU:1 [LOST 3 EVENTS]
                ui-20 (20) [001] d..2. 1.000200: sched_switch: prev_comm=ui prev_pid=20 prev_prio=110 prev_state=S ==> next_comm=x \
            next_pid=9 next_prio=120
            """;

    @TempDir
    Path folder;

    private Summary summary(Path file) {
        return RecordedCase.read(file, RecordedCase.Hints.NONE).summary();
    }

    private static List<String> lines(String text) {
        return text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    @Test
    void callsFaultsWaitsAndHoldsAreToldByThread() throws IOException {
        Path file = Files.writeString(folder.resolve("trace.txt"), TEXT);
        List<String> lines = lines(summary(file).text());

        assertThat(lines).contains(
                "thread tid priority on a core ops page faults",
                "Calls by kind and thread",
                "ui waits for gc in munmap 20.0 µs",
                "The recorder lost 3 events: what happened meanwhile is missing.");
        assertThat(lines).anyMatch(line -> line.startsWith("ui 20 nice -10 200.0 µs ") && line.endsWith(" 2"))
                .anyMatch(line -> line.startsWith("gc 21 nice 10 ") && line.endsWith(" 1"))
                .anyMatch(line -> line.startsWith("munmap gc 1 "))
                .anyMatch(line -> line.startsWith("madvise(DONTNEED) ui 1 "))
                .anyMatch(line -> line.startsWith("ioctl(UFFDIO_COPY) ui 1 "))
                .anyMatch(line -> line.startsWith("for writing, then reading gc in munmap 1 28.0 µs"))
                .anyMatch(line -> line.startsWith("for reading ui in madvise 1 10.0 µs"))
                .noneMatch(line -> line.startsWith("ioctl ui"));
    }

    @Test
    void anImportedFolderShowsTheSameTables() throws IOException {
        Path file = Files.writeString(folder.resolve("trace.txt"), TEXT);
        RecordedCase recorded = RecordedCase.read(file, RecordedCase.Hints.NONE);
        Path imported = Files.createDirectory(folder.resolve("imported"));
        recorded.writeTo(imported);

        String again = summary(imported).text();
        assertThat(again.lines().skip(1)).isEqualTo(recorded.summary().text().lines().skip(1).toList());
        assertThat(recorded.summary().page(null)).contains("mmap_lock held, by holder", "for writing, then reading", "page faults");
        assertThat(recorded.summary().facts()).containsKeys("mmapLockHolds", "calls", "framesByJank", "lost");
    }

    @Test
    void typesOfJankHaveTheirNames() {
        assertThat(FrameJank.of(0)).isEqualTo("unspecified");
        assertThat(FrameJank.of(1)).isEqualTo("none");
        assertThat(FrameJank.of(64 | 4)).isEqualTo("prediction error, app deadline missed");
        assertThat(FrameJank.of(1 << 20)).isEqualTo("bits 0x100000");
    }
}
