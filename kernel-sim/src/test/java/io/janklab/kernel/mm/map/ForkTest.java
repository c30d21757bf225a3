package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ForkTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
    private static final long COPY_NS = 1_000;
    private static final long FAULTS_AT = 1_000_000;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private static Mm fork(Machine machine, Task caller, BiConsumer<Task, Syscalls> body) {
        assertThat(machine.process.fork(caller, "child", (process, task) -> body.accept(task, process.syscalls()))).isPositive();
        return machine.kernel.processes().getLast().mm();
    }

    @Test
    void parentAndChildShareFoliosUntilOneWrites() {
        FaultLog faults = new FaultLog();
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 4 * PAGE);
            machine.attach(faults);
            int before = machine.memory.frames().allocated();
            Mm child = fork(machine, task, (self, syscalls) -> {
                syscalls.memory().read(self, heap, 4 * PAGE);
                syscalls.memory().write(self, heap, PAGE);
                self.sleepUntil(self.now() + 1_000_000);
            });
            assertThat(child.residentPages()).isEqualTo(4);
            assertThat(machine.memory.frames().allocated()).as("page tables only").isEqualTo(before + 3);
            task.sleepUntil(task.now() + 500_000);
            assertThat(faults.kinds()).containsExactly(FaultKind.COW);
            machine.syscalls.memory().write(task, heap + PAGE, PAGE);
            assertThat(faults.kinds()).containsExactly(FaultKind.COW, FaultKind.COW);
        });
    }

    @Test
    void lastOwnerReusesTheFolioInsteadOfCopying() {
        FaultLog faults = new FaultLog();
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, PAGE);
            fork(machine, task, (self, syscalls) -> {});
            task.sleepUntil(task.now() + 1_000_000);
            machine.attach(faults);
            machine.syscalls.memory().write(task, heap, PAGE);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.REUSE);
    }

    @Test
    void endedChildrenAreForgotten() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        int tasks = machine.kernel.scheduler().tasks().size();
        machine.run(task -> {
            for (int i = 0; i < 10; i++) {
                fork(machine, task, (self, syscalls) -> {});
                task.sleepUntil(task.now() + 1_000_000);
            }
            assertThat(machine.kernel.processes()).containsExactly(machine.process);
            assertThat(machine.kernel.scheduler().tasks()).hasSize(tasks + 1).contains(task);
        });
    }

    @Test
    void dontforkVmasAreAbsentAndWipeonforkOnesEmptyInTheChild() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 6 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 6 * PAGE);
            assertThat(machine.syscalls.madvise(task, heap, 2 * PAGE, MADV_DONTFORK)).isZero();
            assertThat(machine.syscalls.madvise(task, heap + 4 * PAGE, 2 * PAGE, MADV_WIPEONFORK)).isZero();
            Mm child = fork(machine, task, (self, syscalls) -> {});
            assertThat(child.vmas().lookup(heap)).isNull();
            assertThat(child.vmas().lookup(heap + 4 * PAGE)).isNotNull();
            assertThat(child.residentPages()).isEqualTo(2);
        });
    }

    @Test
    void forkWaitsForTheReadersOfEveryVma() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        long[] heap = new long[1];
        long[] forkedAt = new long[1];
        machine.run(task -> heap[0] = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON));
        machine.spawnOn(0, "reader", 0, task -> {
            Vma vma = machine.mm.lockVmaUnderRcu(task, heap[0]);
            task.sleepUntil(task.now() + 5_000_000);
            machine.mm.endRead(task, vma);
        });
        machine.spawnOn(1, "forker", 0, task -> {
            task.sleepUntil(task.now() + 1_000_000);
            long began = task.now();
            fork(machine, task, (self, syscalls) -> {});
            forkedAt[0] = task.now() - began;
        });
        machine.run();
        assertThat(forkedAt[0]).isGreaterThan(3_500_000);
    }

    @Test
    void childOfAnUnfaultedVmaStartsWithoutAnonVmaAndAnUnrelatedOneGetsItsOwnRoot() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            long touched = machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON);
            long untouched = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, ANON);
            machine.syscalls.memory().write(task, touched, PAGE);
            Mm child = fork(machine, task, (self, syscalls) -> {});
            AnonVma parents = machine.mm.vmas().lookup(touched).anonVma();
            AnonVma childs = child.vmas().lookup(touched).anonVma();
            assertThat(childs).isNotNull().isNotSameAs(parents);
            assertThat(childs.rwsem()).as("a fork family shares its root's lock").isSameAs(parents.rwsem());
            assertThat(child.vmas().lookup(untouched).anonVma()).isNull();
        });
    }

    /// Linux selftests `mm/merge.c`: forked_target_vma.
    @Test
    void forkedVmaDoesNotMergeWithANewNeighbour() {
        Machine machine = kernel.boot(KernelVersion.V7_2);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, ANON);
            machine.syscalls.munmap(task, heap + 2 * PAGE, 2 * PAGE);
            machine.syscalls.memory().write(task, heap, 2 * PAGE);
            fork(machine, task, (self, syscalls) -> {
                syscalls.mmap(self, heap + 2 * PAGE, 2 * PAGE, PROT_RW, ANON | MAP_FIXED);
                assertThat(self.tgid()).isNotEqualTo(task.tgid());
            });
            task.sleepUntil(task.now() + 1_000_000);
            machine.syscalls.mmap(task, heap + 2 * PAGE, 2 * PAGE, PROT_RW, ANON | MAP_FIXED);
            assertThat(machine.mm.mapCount()).as("the parent's merges").isEqualTo(1);
        });
    }

    @Test
    void grandchildMapsItsGrandparentsFolios() {
        Machine machine = kernel.boot(KernelVersion.V6_12);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 3 * PAGE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, 3 * PAGE);
            AddressSpace child = machine.process.addressSpace().fork(task, machine.kernel.scheduler().newTid(), "child");
            AddressSpace grandchild = child.fork(task, machine.kernel.scheduler().newTid(), "grandchild");
            machine.validate();
            child.exit(task);
            task.sleepUntil(task.now() + 2 * Rcu.GRACE_PERIOD_NS);
            machine.validate();
            assertThat(grandchild.mm().residentPages()).isEqualTo(3);
            assertThat(frameAt(grandchild.mm(), heap)).isEqualTo(frameAt(machine.mm, heap));
            grandchild.exit(task);
        });
    }

    private static int frameAt(Mm mm, long address) {
        return Pte.frame(mm.pageTable().find(address).get(PteTable.index(address)));
    }

    /// `spin_needbreak` in `copy_pte_range`, which looks after every fourth page that it has copied.
    @Test
    void forkGivesWayToATaskThatSpinsForTheTable() {
        assertThat(waitForATableBeingCopied(SwitchValue.FULL)).isLessThanOrEqualTo(4 * COPY_NS);
        assertThat(waitForATableBeingCopied(SwitchValue.NONE)).as("not preemptible").isEqualTo((PteTable.ENTRIES - 100) * COPY_NS);
    }

    /// Of a fault that comes when 100 of 512 pages have been copied.
    private long waitForATableBeingCopied(SwitchValue preempt) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64).with(Switch.PREEMPT, preempt);
        Machine machine = kernel.boot(profile, Architecture.ARM64, CostModel.free().with(Cost.FORK_PTE, COPY_NS));
        long[] waited = new long[1];
        machine.attach(new TraceListener() {
            @Override
            public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
                waited[0] = now - FAULTS_AT;
            }
        });
        long heap = 0x5000_0000_0000L;
        machine.spawnOn(0, "parent", 0, task -> {
            machine.syscalls.mmap(task, heap, PteTable.ENTRIES * PAGE, PROT_RW, ANON | MAP_FIXED);
            machine.syscalls.memory().write(task, heap, PteTable.ENTRIES * PAGE);
            task.sleepUntil(FAULTS_AT - 100 * COPY_NS);
            fork(machine, task, (child, syscalls) -> {});
        });
        machine.kernel.createProcess("other").spawn("other", TaskAttributes.normal(0, new CpuSet(2)), task -> {
            task.sleepUntil(FAULTS_AT);
            PteTable table = Objects.requireNonNull(machine.mm.pageTable().find(heap));
            table.lock().lock(task);
            table.lock().unlock(task);
        });
        machine.run();
        return waited[0];
    }
}
