package io.janklab.workloads.live.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LockStateTest {
    @Test
    void tableIsThatOfLockingMd() throws IOException {
        String page = Files.readString(Path.of("../kernel-sim/LOCKING.md"));
        List<List<String>> rows = page.substring(page.indexOf("## Valid lock states"), page.indexOf("## Who locks what")).lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
                .toList();

        assertThat(LockState.TABLE.stream().map(state -> List.of(
                state.mmapLock(), state.vmaLock(), state.rmapLock(),
                word(state.stable()), word(state.writeMost()), word(state.writeAll()))).toList()).isEqualTo(rows);
    }

    private static String word(boolean flag) {
        return flag ? "yes" : "no";
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "no locks;0",
        "vma_lock [anon] (read);1",
        "vma_lock [anon] (read), ptl ptl (write);1",
        "anon_vma app (read);2",
        "mmap_lock app (read);3",
        "mmap_lock app (write);3",
        "vma_lock [anon] (read), mmap_lock app (read), anon_vma app (write);3",
        "mmap_lock app (write), vma_lock [anon] (write);4",
        "mmap_lock app (write), vma_lock [anon] (write), anon_vma app (write);5",
    })
    void rowInForceIsToldByTheLocksHeld(String holds, int row) {
        assertThat(LockState.row(holds)).isEqualTo(row);
    }
}
