package io.janklab.workloads.recording.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What Perfetto records of tracepoints without a message of their own, and what a configuration says of them.
final class GenericEventTest {
    private static RecordedEvent parsed(String name, Map<String, Object> fields) {
        return GenericEvent.parse(name, fields, 5, 7);
    }

    @Test
    void eachStepOfMmapLockIsKnownByItsTracepoint() {
        Map<String, Object> write = Map.of("mm", 9L, "write", 1L);
        assertThat(parsed("mmap_lock_start_locking", write))
                .isEqualTo(new RecordedEvent.MmapLock(5, 7, 9, RecordedEvent.LockStep.START, true));
        assertThat(parsed("mmap_lock_acquire_returned", Map.of("mm", 9L, "write", 0L, "success", 1L)))
                .isEqualTo(new RecordedEvent.MmapLock(5, 7, 9, RecordedEvent.LockStep.ACQUIRED, false));
        assertThat(parsed("mmap_lock_acquire_returned", Map.of("mm", 9L, "success", 0L)))
                .as("a trylock in vain").isEqualTo(new RecordedEvent.MmapLock(5, 7, 9, RecordedEvent.LockStep.REFUSED, false));
        assertThat(parsed("mmap_lock_released", write))
                .isEqualTo(new RecordedEvent.MmapLock(5, 7, 9, RecordedEvent.LockStep.RELEASED, true));
    }

    @Test
    void contentionTellsWhetherItSpins() {
        assertThat(parsed("contention_begin", Map.of("lock_addr", 3L, "flags", 3L)))
                .isEqualTo(new RecordedEvent.Contention(5, 7, 3, true, true));
        assertThat(parsed("contention_begin", Map.of("lock_addr", 3L, "flags", 2L)))
                .isEqualTo(new RecordedEvent.Contention(5, 7, 3, true, false));
        assertThat(parsed("contention_end", Map.of("lock_addr", 3L))).isEqualTo(new RecordedEvent.Contention(5, 7, 3, false, false));
    }

    /// x86's error code: bit 1 a write, bit 4 an instruction's fetch; other architectures have none.
    @Test
    void faultsAccessIsThatOfItsErrorCode() {
        assertThat(parsed("page_fault_user", Map.of("address", 4096L, "error_code", 6L)))
                .isEqualTo(new RecordedEvent.Fault(5, 7, 4096, RecordedEvent.Access.WRITE, true));
        assertThat(parsed("page_fault_user", Map.of("address", 4096L, "error_code", 20L)))
                .isEqualTo(new RecordedEvent.Fault(5, 7, 4096, RecordedEvent.Access.EXECUTE, true));
        assertThat(parsed("page_fault_kernel", Map.of("address", 4096L, "error_code", 0L)))
                .isEqualTo(new RecordedEvent.Fault(5, 7, 4096, RecordedEvent.Access.READ, false));
        assertThat(parsed("page_fault_user", Map.of()))
                .isEqualTo(new RecordedEvent.Fault(5, 7, -1, RecordedEvent.Access.UNKNOWN, true));
    }

    @Test
    void probesAreKnownByTheFieldsThatTracefsGivesThem() {
        assertThat(parsed("frame", Map.of("__probe_ip", 16L))).isEqualTo(new RecordedEvent.FunctionEnter(5, 7, "frame", 16));
        assertThat(parsed("frame", Map.of("__probe_func", 16L, "__probe_ret_ip", 32L)))
                .isEqualTo(new RecordedEvent.FunctionReturn(5, 7, "frame", 16));
        assertThat(parsed("irq_vectors", Map.of("vector", 1L))).as("of no use here").isNull();
    }

    /// Writes the fields of a message.
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.writeTo(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static Map<String, Object> named(Fields field) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        GenericEvent.readNamed(new Message(message(field)), fields);
        return fields;
    }

    @Test
    void namedFieldIsATextOrANumberOfEitherSign() throws IOException {
        assertThat(named(out -> {
            out.writeString(1, "memcg_path");
            out.writeString(3, "/top-app");
        })).containsExactly(Map.entry("memcg_path", "/top-app"));
        assertThat(named(out -> {
            out.writeString(1, "ret");
            out.writeInt64(4, -11);
        })).containsExactly(Map.entry("ret", -11L));
        assertThat(named(out -> {
            out.writeUInt64(5, 12);
            out.writeUInt64(9, 99);
            out.writeString(1, "mm");
        })).as("in any order, and with fields of later versions").containsExactly(Map.entry("mm", 12L));
    }

    @Test
    void fieldsOfADescribedEventHaveTheNamesOfItsDescription() throws IOException {
        byte[] event = message(out -> {
            out.writeUInt64(1, 9);
            out.writeString(2, "/top-app");
            out.writeUInt64(3, 1);
        });
        assertThat(GenericEvent.described(new Message(event), Map.of(1, "mm", 2, "memcg_path", 3, "write")))
                .containsOnly(Map.entry("mm", 9L), Map.entry("memcg_path", "/top-app"), Map.entry("write", 1L));
    }

    private static ReadReport judged(String event, boolean disableGeneric) throws IOException {
        byte[] ftrace = message(out -> {
            out.writeString(1, "sched/sched_switch");
            out.writeString(1, event);
            out.writeUInt32(10, 4096);
            out.writeBool(16, disableGeneric);
        });
        byte[] config = message(out -> {
            out.writeString(1, "linux.ftrace");
            out.writeBytes(100, ByteString.copyFrom(ftrace));
        });
        byte[] source = message(out -> out.writeBytes(1, ByteString.copyFrom(config)));
        ReadReport report = new ReadReport(RecordingFormat.PERFETTO);
        TraceConfig.judge(new Message(message(out -> {
            out.writeUInt32(3, 10_000);
            out.writeBytes(2, ByteString.copyFrom(source));
        })), report);
        return report;
    }

    @Test
    void configurationThatDropsTheEventsItAsksForIsTold() throws IOException {
        for (String event : new String[] {"mmap_lock/mmap_lock_released", "lock/contention_begin", "exceptions/page_fault_user"}) {
            assertThat(judged(event, true).warnings()).singleElement().asString().contains("has disable_generic_events");
            assertThat(judged(event, false).warnings()).isEmpty();
        }
        assertThat(judged("kmem/rss_stat", true).warnings()).as("it has a message of its own").isEmpty();
    }
}
