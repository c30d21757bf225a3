package io.janklab.kernel.mm.uffd;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.uapi.Errno;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// UFFDIO_MOVE: what moves, what it returns, and which locks it takes (reference §7; `mm/userfaultfd.c`, 6.17 and 7.3).
class UserfaultfdMoveTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long TO = 0x5000_0000_0000L;
    private static final long FROM = 0x6000_0000_0000L;
    private static final int PAGES = 32;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine machine;
    private UserfaultFd uffd;

    private static KernelProfile profile(String rmap) {
        return KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64).with(Switch.UFFD_MOVE_RMAP, rmap);
    }

    /// A registered, empty destination, and a source whose pages hold stamps 1, 2, 3 …
    private void run(KernelProfile profile, BiConsumer<Task, Machine> body) {
        machine = kernel.boot(profile, Architecture.ARM64);
        machine.memory.keepContents();
        machine.run(task -> {
            machine.syscalls.mmap(task, TO, PAGES * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.mmap(task, FROM, PAGES * PAGE, PROT_RW, ANON_FIXED);
            for (int i = 0; i < PAGES; i++) {
                machine.syscalls.memory().store(task, FROM + i * PAGE, i + 1);
            }
            uffd = machine.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS);
            uffd.register(task, TO, PAGES * PAGE, UFFDIO_REGISTER_MODE_MISSING);
            body.accept(task, machine);
        });
    }

    private long move(Task task, int to, int from, int pages) {
        return uffd.move(task, TO + to * PAGE, FROM + from * PAGE, pages * PAGE, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anon-vma", "folio", "marked"})
    void pagesChangeTheirAddressAndKeepTheirFolioAndContents(String rmap) {
        run(profile(rmap), (task, m) -> {
            int frame = m.mm.frameAt(FROM + 5 * PAGE);
            long resident = m.mm.residentPages();
            assertThat(move(task, 1, 5, 3)).isEqualTo(3 * PAGE);
            assertThat(m.mm.frameAt(TO + PAGE)).isEqualTo(frame);
            assertThat(m.mm.frameAt(FROM + 5 * PAGE)).isEqualTo(FolioTable.NO_FRAME);
            assertThat(m.syscalls.memory().load(task, TO + 3 * PAGE)).isEqualTo(8);
            assertThat(m.mm.residentPages()).isEqualTo(resident);
            m.syscalls.memory().store(task, TO + PAGE, 99);
        });
    }

    @Test
    void moveErrors() {
        run(profile("folio"), (task, m) -> {
            assertThat(move(task, 0, 0, 1)).isEqualTo(PAGE);
            assertThat(move(task, 0, 1, 1)).as("destination mapped").isEqualTo(-Errno.EEXIST);
            assertThat(move(task, 1, 0, 1)).as("source empty").isEqualTo(-Errno.ENOENT);
            assertThat(move(task, PAGES - 1, 1, 2)).as("leaves the destination's VMA").isEqualTo(-Errno.EINVAL);
            assertThat(move(task, 1, PAGES - 1, 2)).as("leaves the source's VMA").isEqualTo(-Errno.EINVAL);
            assertThat(uffd.move(task, TO + PAGE, 0x4000_0000_0000L, PAGE, 0)).as("no source VMA").isEqualTo(-Errno.ENOENT);
            assertThat(uffd.move(task, FROM, FROM + PAGE, PAGE, 0)).as("destination not registered").isEqualTo(-Errno.EINVAL);
            assertThat(uffd.move(task, TO + PAGE, FROM + PAGE, PAGE, 64)).as("unknown mode").isEqualTo(-Errno.EINVAL);
            m.syscalls.mprotect(task, FROM, PAGES * PAGE, PROT_READ);
            assertThat(move(task, 1, 1, 1)).as("rights differ").isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void moveStopsAtAHoleUnlessHolesAreAllowed() {
        run(profile("folio"), (task, m) -> {
            m.syscalls.madvise(task, FROM + 2 * PAGE, PAGE, MADV_DONTNEED);
            assertThat(move(task, 0, 0, 4)).isEqualTo(2 * PAGE);
            assertThat(uffd.move(task, TO + 2 * PAGE, FROM + 2 * PAGE, 2 * PAGE, UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES)).isEqualTo(2 * PAGE);
            assertThat(m.mm.frameAt(TO + 2 * PAGE)).isEqualTo(FolioTable.NO_FRAME);
            assertThat(m.mm.frameAt(TO + 3 * PAGE)).isNotEqualTo(FolioTable.NO_FRAME);
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void sourceWithoutATableIsAHoleAndMakesNoTableForTheDestination() {
        run(profile("folio"), (task, m) -> {
            m.syscalls.munmap(task, FROM, PAGES * PAGE);
            m.syscalls.mmap(task, FROM, PAGES * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            int before = m.mm.pageTable().tables();
            assertThat(move(task, 0, 0, 1)).isEqualTo(-Errno.ENOENT);
            assertThat(m.mm.pageTable().tables()).isEqualTo(before);
        });
    }

    @Test
    void zeroPagesMoveToo() {
        run(profile("folio"), (task, m) -> {
            m.syscalls.madvise(task, FROM, PAGE, MADV_DONTNEED);
            m.syscalls.memory().read(task, FROM, 1);
            assertThat(move(task, 0, 0, 1)).isEqualTo(PAGE);
            assertThat(m.syscalls.memory().load(task, TO)).isZero();
        });
    }

    @Test
    void pageSharedWithAChildIsBusy() {
        run(profile("folio"), (task, m) -> {
            m.process.fork(task, "child", (child, self) -> self.sleepUntil(self.now() + 10_000_000));
            assertThat(move(task, 0, 0, 1)).isEqualTo(-Errno.EBUSY);
        });
    }

    /// The lock is the root's: a walk of the child's anon_vma keeps the parent's movers waiting.
    @Test
    void moversOfAForkFamilyWaitForEachOther() {
        run(profile("anon-vma"), (task, m) -> {
            move(task, 0, 0, 1);
            m.process.fork(task, "child", (child, self) -> {
                child.syscalls().memory().write(self, FROM + PAGE, 1);
                AnonVma own = child.mm().vmas().lookup(FROM).anonVma();
                assertThat(own.root()).isEqualTo(m.mm.vmas().lookup(FROM).anonVma());
                own.rwsem().downRead(self);
                self.sleepUntil(self.now() + 20_000_000);
                own.rwsem().upRead(self);
            });
            task.sleepUntil(task.now() + 1_000_000);
            m.syscalls.memory().write(task, FROM + PAGE, 1);
            long began = task.now();
            assertThat(move(task, 1, 1, 1)).isEqualTo(PAGE);
            assertThat(task.now() - began).isGreaterThan(15_000_000);
        });
    }

    @Test
    void until618EachPageTakesItsAnonVmaLockForWritingSince619Not() {
        for (String rmap : new String[] {"anon-vma", "folio"}) {
            run(profile(rmap), (task, m) -> {
                move(task, 0, 0, 1);
                LockLog locks = new LockLog();
                m.attach(locks);
                move(task, 1, 1, 2);
                String[] once = {"folio_lock write", "anon_vma write"};
                String[] expected = rmap.equals("folio")
                        ? new String[] {"vma_lock read", "vma_lock read", once[0], once[0]}
                        : new String[] {"vma_lock read", "vma_lock read", once[0], once[1], once[0], once[1]};
                assertThat(locks.taken()).containsExactly(expected);
            });
        }
    }

    @Test
    void before69BothVmasStandUnderMmapLock() {
        run(profile("anon-vma").with(Switch.UFFD_LOCK, SwitchValue.MMAP), (task, m) -> {
            LockLog locks = new LockLog();
            m.attach(locks);
            assertThat(move(task, 0, 0, 1)).isEqualTo(PAGE);
            assertThat(locks.taken().getFirst()).isEqualTo("mmap_lock read");
            assertThat(locks.taken()).doesNotContain("vma_lock read");
        });
    }

    /// Waiting for mmap_lock while holding the destination's lock would deadlock with the writer, which waits for that VMA's readers.
    @Test
    void whenTheSourceIsBeingWrittenTheDestinationIsLetGoBeforeMmapLockIsWaitedFor() {
        run(profile("folio"), (task, m) -> {
            move(task, 0, 0, 1);
            m.mm.writeLock(task);
            m.mm.startWrite(task, m.mm.vmas().lookup(FROM));
            Task[] mover = new Task[1];
            mover[0] = m.spawn("mover", 0, self -> assertThat(move(self, 1, 1, 1)).isEqualTo(PAGE));
            task.sleepUntil(task.now() + 1_000_000);
            assertThat(mover[0].state()).isEqualTo(TaskState.UNINTERRUPTIBLE);
            m.mm.startWrite(task, m.mm.vmas().lookup(TO));
            m.mm.writeUnlock(task);
        });
    }

    /// A mover sleeps in D state while another task reads the anon_vma of its source, whatever page it wants to move; the folio lock makes
    /// it wait for its own page only.
    @Test
    void moverWaitsForAnyReverseMapWalkOfItsSourceUnderTheAnonVmaLockOnly() {
        for (String rmap : new String[] {"anon-vma", "folio"}) {
            run(profile(rmap), (task, m) -> {
                move(task, 0, 0, 1);
                AnonVma anonVma = m.mm.vmas().lookup(FROM).anonVma();
                anonVma.rwsem().downRead(task);
                Task mover = m.spawn("mover", 0, self -> assertThat(move(self, 1, 1, 1)).isEqualTo(PAGE));
                task.sleepUntil(task.now() + 10_000_000);
                assertThat(mover.state()).isEqualTo(rmap.equals("folio") ? TaskState.DEAD : TaskState.UNINTERRUPTIBLE);
                anonVma.rwsem().upRead(task);
            });
        }
    }

    @Test
    void moverWaitsForTheFolioLockWithoutThePageTableLock() {
        run(profile("folio"), (task, m) -> {
            move(task, 0, 0, 1);
            int frame = m.mm.frameAt(FROM + PAGE);
            m.memory.folios().get(frame);
            m.memory.folioLocks().lock(task, frame);
            Task mover = m.spawn("mover", 0, self -> assertThat(move(self, 1, 1, 1)).isEqualTo(PAGE));
            task.sleepUntil(task.now() + 1_000_000);
            assertThat(mover.state()).isEqualTo(TaskState.UNINTERRUPTIBLE);
            m.syscalls.memory().write(task, FROM + 2 * PAGE, 1);
            m.memory.folioLocks().unlock(task, frame);
            m.memory.batches().put(frame);
        });
    }

    @Test
    void everyPageIsMovedOnceHoweverManyMoversRace() {
        for (String rmap : new String[] {"anon-vma", "folio"}) {
            run(profile(rmap), (task, m) -> {
                long[] moved = new long[4];
                for (int i = 0; i < moved.length; i++) {
                    int mover = i;
                    m.spawn("mover" + i, 0, self -> {
                        for (int page = 0; page < PAGES; page++) {
                            moved[mover] += Math.max(0, move(self, page, page, 1));
                        }
                    });
                }
                task.sleepUntil(task.now() + 100_000_000);
                assertThat(moved[0] + moved[1] + moved[2] + moved[3]).isEqualTo(PAGES * PAGE);
                for (int i = 0; i < PAGES; i++) {
                    assertThat(m.syscalls.memory().load(task, TO + i * PAGE)).isEqualTo(i + 1);
                }
            });
        }
    }
}
