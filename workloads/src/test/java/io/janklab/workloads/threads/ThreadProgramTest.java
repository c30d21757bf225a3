package io.janklab.workloads.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadProgramTest {
    private static final Device DEVICE = Device.find("pixel-6");
    /// 64 MiB are discarded while another thread maps memory.
    private static final String GIVE_BACK = """
            program give-back
            duration 50ms
            before:
              mmap @0 16384p r|w private|anonymous|fixed
              write @0 16384p
            purger nice=10 cpus=6-7:
              think 5ms
              give-back: madvise @0 16384p dontneed
            mapper x2 nice=-10:
              loop
                map: mmap @{600000+i*4096} 16p r|w private|anonymous|fixed
                fault: write @{600000+i*4096} 1p
                munmap @{600000+i*4096} 16p
                think 1ms
              end
            """;

    private static ThreadProgram parse(String text) {
        return new ThreadProgramParser("x.program", DEVICE.hardware().cpus().size()).parse(text.lines().toList());
    }

    private static ThreadProgramRun.Result run(String text, KernelVersion version) {
        return new ThreadProgramRun(parse(text), DEVICE, KernelProfile.of(version, Architecture.ARM64), 1).run();
    }

    @Test
    void whoMapsWaitsForAMadviseUnderMmapLockAndNotForOneUnderAVmaLock() {
        ThreadProgramRun.Result before = run(GIVE_BACK, KernelVersion.V6_12);
        ThreadProgramRun.Result after = run(GIVE_BACK, KernelVersion.V6_17);
        assertThat(before.errors()).isEmpty();
        assertThat(before.marks()).containsOnlyKeys("give-back", "map", "fault");
        long holdNs = before.marks().get("give-back").getMaxValue();
        assertThat(before.marks().get("map").getMaxValue()).isBetween(holdNs / 2, holdNs + 1_000_000);
        assertThat(after.marks().get("map").getMaxValue()).isLessThan(holdNs / 10);
    }

    @Test
    void withoutPagesSetAsideThereIsNoMemoryOfHugetlb() {
        String text = "program h\none:\nmmap @0 512p r|w private|anonymous|fixed|hugetlb\n";
        assertThat(run(text, KernelVersion.V6_17).errors()).containsEntry("3: mmap ENOMEM", 1L);
    }

    @Test
    void pagesThatTheDeviceHasSetAsideAreThereForAProgram(@TempDir Path folder) throws IOException {
        try (InputStream in = Device.class.getResourceAsStream("pixel-6.yaml")) {
            Path mine = Files.write(folder.resolve("mine.yaml"), in.readAllBytes());
            Files.writeString(mine, "\nhugePages: 1\n", StandardOpenOption.APPEND);
            String text = "program h\none:\nmmap @0 512p r|w private|anonymous|fixed|hugetlb\nwrite @0 8p\n";
            KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
            assertThat(new ThreadProgramRun(parse(text), Device.find(mine.toString()), profile, 1).run().errors()).isEmpty();
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(run(GIVE_BACK, KernelVersion.V6_17).digest()).isEqualTo(run(GIVE_BACK, KernelVersion.V6_17).digest());
    }

    @Test
    void loopsEndWithTheProgramAndErrorsAreCountedByLine() {
        String text = "program e\nduration 1ms\none:\nloop 3\nfail: madvise @0 1p free\nwrite @9 1p\nend\nloop\ncompute 10us\nend\n";
        ThreadProgramRun.Result result = run(text, KernelVersion.V6_17);
        assertThat(result.errors()).containsEntry("5: madvise ENOMEM", 3L).containsEntry("6: write SIGSEGV", 3L);
        assertThat(result.marks().get("fail").getTotalCount()).isEqualTo(3);
    }

    @Test
    void aProgramThatNeedsMoreThanTheDeviceHasIsRefusedInASentence() {
        String text = "program big\none:\nmmap @0 4000000p r|w private|anonymous|fixed|noreserve\nwrite @0 4000000p\n";
        assertThatThrownBy(() -> run(text, KernelVersion.V6_17)).isInstanceOf(BadInput.class).hasMessageContaining("too little memory");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
            one:;load @0 ~ :1: a program begins with
            program a ~ :1: the program has no thread
            program a;colour red ~ :2: before the sections come program
            program a;one y3:;load @0 ~ :2: not 'y3'
            program a;one x2000:;load @0 ~ :2: 1024 threads at most
            program a;one nice=77:;load @0 ~ :2: nice is from -20 to 19
            program a;one cpus=99:;load @0 ~ :2: cores of the device, 0 to 7
            program a;one:;jump @0 ~ :3: there is no call 'jump'
            program a;one:;loop;load @0 ~ :3: this loop has no 'end'
            program a;one:;loop;end ~ :3: this loop does nothing
            program a;one:;end ~ :3: this 'end' ends no loop
            program a;one:;loop 0;load @0;end ~ :3: a loop is
            program a;one:;think 5 ~ :3: a time is a whole number
            program a;duration 99999999s;one:;load @0 ~ :2: up to an hour
            program a;one:;exit ~ :3: 'exit' is for litmuses
            program a;one:;load 0x7fffffffffffffff ~ :3: up to 1 TiB
            program a;one:;madvise @0 -5 free ~ :3: up to 1 TiB
            """)
    void badFilesAreRefusedWithTheirLine(String text, String sentence) {
        assertThatThrownBy(() -> parse(text.replace(';', '\n')))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("x.program" + sentence.substring(0, 4))
                .hasMessageContaining(sentence.substring(4));
    }
}
