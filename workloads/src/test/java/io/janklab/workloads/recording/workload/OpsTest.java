package io.janklab.workloads.recording.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class OpsTest {
    private static final long[] VALUES = {0, 1, -1, 63, 64, -64, 4_096, 0x7f00_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE};

    private static List<String> text(Ops ops) {
        List<String> all = new ArrayList<>();
        Ops.Reader reader = ops.reader();
        for (Op op = reader.next(); op != null; op = reader.next()) {
            StringBuilder line = new StringBuilder(op.name());
            for (int i = 0; i < op.operands(); i++) {
                line.append(' ').append(reader.operand(i));
            }
            all.add(line.toString());
        }
        return all;
    }

    private static byte[] bytes(Ops ops) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ops.writeTo(out);
        return out.toByteArray();
    }

    private static Ops everyOp(int rounds) {
        Ops ops = new Ops(new Scratch());
        for (int i = 0; i < rounds; i++) {
            for (Op op : Op.values()) {
                long[] operands = new long[op.operands()];
                Arrays.setAll(operands, n -> VALUES[(n + op.ordinal()) % VALUES.length]);
                ops.add(op, operands);
            }
        }
        return ops;
    }

    @Test
    void everyOpIsReadAsItWasAdded() {
        Ops ops = everyOp(1);

        assertThat(ops.count()).isEqualTo(Op.values().length);
        assertThat(text(ops)).hasSize(Op.values().length).first().isEqualTo("COMPUTE " + VALUES[0]);
        assertThat(text(ops).get(Op.MMAP.ordinal())).startsWith("MMAP " + VALUES[Op.MMAP.ordinal()] + " ").hasSizeGreaterThan(10);
    }

    @Test
    void opsAcrossRunsAreTheSameInAFile() throws IOException {
        Ops ops = everyOp(5_000);

        assertThat(ops.length()).isGreaterThan(1 << 20);
        byte[] bytes = bytes(ops);
        assertThat(bytes).hasSize((int) ops.length());
        Ops again = Ops.in(MemorySegment.ofArray(bytes));
        assertThat(again.count()).isEqualTo(ops.count());
        assertThat(text(again)).isEqualTo(text(ops));
        assertThat(bytes(again)).isEqualTo(bytes);
    }

    @Test
    void cutOffOpIsRefused() throws IOException {
        byte[] bytes = bytes(everyOp(1));

        assertThatThrownBy(() -> Ops.in(MemorySegment.ofArray(Arrays.copyOf(bytes, bytes.length - 1))))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void opsWithoutTheirOperandsAreRefused() {
        Ops ops = new Ops(new Scratch());

        assertThatThrownBy(() -> ops.add(Op.MMAP, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void intervalsOfACoreAreTheSameInAFile() throws IOException {
        CoreUse use = new CoreUse(new Scratch());
        for (int i = 0; i < 5_000; i++) {
            use.add(i * 10L, i * 10L + 6, i % 3);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        use.writeTo(out);
        CoreUse again = CoreUse.in(MemorySegment.ofArray(out.toByteArray()));

        assertThat(out.size()).isEqualTo(use.size() * CoreUse.BYTES);
        for (CoreUse one : List.of(use, again)) {
            assertThat(one.size()).isEqualTo(5_000);
            assertThat(one.had(0, 50_000, thread -> true)).isEqualTo(30_000);
            assertThat(one.had(25_003, 25_025, thread -> true)).isEqualTo(3 + 6 + 5);
            assertThat(one.had(25_003, 25_025, thread -> thread == 2_500 % 3)).isEqualTo(3);
        }
    }

    @Test
    void latenciesOfFewAndOfManyAreOneDistribution() {
        Latencies few = new Latencies();
        Latencies many = new Latencies();
        for (int i = 1; i <= 1_000; i++) {
            (i <= 100 ? few : many).add("mmap", "t" + i % 2, i * 1_000L);
        }
        Latencies sum = new Latencies();
        sum.addAll(few);
        sum.addAll(many);

        assertThat(few.percentile("mmap", 50)).isBetween(49_900L, 50_100L);
        assertThat(sum.count("mmap")).isEqualTo(1_000);
        assertThat(sum.percentile("mmap", 50)).isBetween(499_500L, 500_500L);
        Latencies restored = new Latencies();
        sum.parts().forEach(restored::add);
        assertThat(restored.percentile("mmap", 99)).isEqualTo(sum.percentile("mmap", 99));
    }
}
