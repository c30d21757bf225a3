package io.janklab.kernel.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.policy.LockPolicies;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// In which order the waiters of an rw_semaphore get it, under each policy that has an order of its own.
class QueueOrderTest {
    private static final long MS = 1_000_000;
    private static final TaskAttributes PLAIN = TaskAttributes.normal(0);
    private static final TaskAttributes URGENT = TaskAttributes.normal(-10);
    private static final TaskAttributes BETWEEN = TaskAttributes.normal(-5);

    private static void briefly(Task task) {
        task.compute(10);
    }

    /// A writer that sleeps with the lock until `until`; nobody spins for it.
    private static RwsemRig heldUntil(long until, String policy) {
        RwsemRig rig = new RwsemRig(LockPolicies.byName(policy));
        rig.writes("holder", PLAIN, 0, task -> task.sleepUntil(until));
        return rig;
    }

    private static List<String> order(RwsemRig rig) {
        return rig.run().stream().skip(1).map(line -> line.substring(0, line.indexOf(' '))).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"writer-boost", "inherit"})
    void moreUrgentWaiterQueuesBehindThoseNoLessUrgent(String policy) {
        RwsemRig rig = heldUntil(20 * MS, policy);
        rig.writes("plain", PLAIN, MS, QueueOrderTest::briefly);
        rig.writes("urgent", URGENT, 2 * MS, QueueOrderTest::briefly);
        rig.writes("alike", URGENT, 3 * MS, QueueOrderTest::briefly);
        rig.writes("between", BETWEEN, 4 * MS, QueueOrderTest::briefly);
        rig.writes("last", PLAIN, 5 * MS, QueueOrderTest::briefly);

        assertThat(order(rig)).containsExactly("urgent", "alike", "between", "plain", "last");
    }

    @ParameterizedTest
    @CsvSource({"inherit, urgent", "writer-boost, plain", "linux, plain"})
    void readersOvertakeByUrgencyOnlyWhereTheyInherit(String policy, String first) {
        RwsemRig rig = heldUntil(20 * MS, policy);
        rig.writes("plain", PLAIN, MS, QueueOrderTest::briefly);
        rig.reads("urgent", URGENT, 2 * MS, QueueOrderTest::briefly);

        assertThat(order(rig)).first().isEqualTo(first);
    }

    /// It has asked for the lock in the jiffy that began at 0: its patience ends with the next one, at 4 ms.
    @ParameterizedTest
    @CsvSource({"5004, urgent", "5008, plain"})
    void boostedWriterPassesNoneThatHasWaitedFiveSecondsTooLong(long atMs, String first) {
        RwsemRig rig = heldUntil(6_000 * MS, "writer-boost");
        rig.writes("plain", PLAIN, MS, QueueOrderTest::briefly);
        rig.writes("urgent", URGENT, atMs * MS, QueueOrderTest::briefly);

        assertThat(order(rig)).first().isEqualTo(first);
    }

    @Test
    void boundedBypassLetsFourWritersPassAReader() {
        RwsemRig rig = heldUntil(20 * MS, "bounded-bypass");
        rig.reads("reader", PLAIN, MS, QueueOrderTest::briefly);
        for (int i = 1; i <= 5; i++) {
            rig.writes("w" + i, PLAIN, (1 + i) * MS, QueueOrderTest::briefly);
        }

        assertThat(order(rig)).containsExactly("w1", "w2", "w3", "w4", "reader", "w5");
    }

    /// In Linux both readers steal from the writer; the second comes in the writers' turn.
    @ParameterizedTest
    @CsvSource({"linux, thief thief2 writer", "bounded-bypass, writer thief thief2", "phase-fair, thief writer thief2"})
    void readersStealFromAWokenWriterAsTheirPolicyLetsThem(String policy, String order) {
        assertThat(order(writerWokenSlowly(policy))).containsExactly(order.split(" "));
    }

    /// The woken writer has its core 10 ms late; two readers come meanwhile, one after the other.
    private static RwsemRig writerWokenSlowly(String policy) {
        RwsemRig rig = heldUntil(20 * MS, policy);
        rig.writes("writer", on("1"), MS, QueueOrderTest::briefly);
        rig.machine.spawn("busy", TaskAttributes.fifo(1, CpuSet.parse("1")), task -> {
            task.sleepUntil(19 * MS);
            task.compute(11 * MS);
        });
        rig.reads("thief", on("2"), 25 * MS, QueueOrderTest::briefly);
        rig.reads("thief2", on("3"), 26 * MS, QueueOrderTest::briefly);
        return rig;
    }

    private static TaskAttributes on(String cpu) {
        return TaskAttributes.normal(0, CpuSet.parse(cpu));
    }

    /// How many have been let in past the writer that queues while `passes` takes the lock.
    private static int passed(Consumer<RwsemRig> passes) {
        RwsemRig rig = writerWokenSlowly("linux");
        passes.accept(rig);
        int[] bypassed = new int[1];
        rig.machine.spawn("observer", task -> {
            task.sleepUntil(27 * MS);
            bypassed[0] = rig.lock.waiters().getFirst().bypassed();
        });
        rig.run();
        return bypassed[0];
    }

    @Test
    void waiterKnowsHowManyReadersHaveStolenFromIt() {
        assertThat(passed(rig -> { })).isEqualTo(2);
    }

    /// One that spins until the second reader has left.
    @Test
    void waiterKnowsOfWritersThatHaveSpunPastItToo() {
        assertThat(passed(rig -> rig.writes("spinner", on("0"), 26 * MS, QueueOrderTest::briefly))).isEqualTo(3);
    }

    @Test
    void phaseFairLetsReadersAndWritersTakeTurns() {
        RwsemRig rig = heldUntil(20 * MS, "phase-fair");
        rig.writes("w1", PLAIN, MS, task -> task.sleepUntil(30 * MS));
        rig.writes("w2", PLAIN, 2 * MS, QueueOrderTest::briefly);
        rig.reads("r1", PLAIN, 3 * MS, task -> task.sleepUntil(25 * MS));
        rig.reads("r2", PLAIN, 4 * MS, QueueOrderTest::briefly);
        rig.reads("r3", PLAIN, 27 * MS, QueueOrderTest::briefly);

        assertThat(order(rig)).containsExactly("r1", "r2", "w1", "r3", "w2");
    }

    /// The order of a queue without readers is that of arrival.
    @Test
    void phaseFairServesWritersAloneInTurn() {
        RwsemRig rig = heldUntil(20 * MS, "phase-fair");
        rig.writes("w1", PLAIN, MS, QueueOrderTest::briefly);
        rig.writes("w2", PLAIN, 2 * MS, QueueOrderTest::briefly);

        assertThat(order(rig)).containsExactly("w1", "w2");
    }
}
