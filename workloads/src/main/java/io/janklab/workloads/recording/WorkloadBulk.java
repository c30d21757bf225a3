package io.janklab.workloads.recording;

import io.janklab.workloads.recording.workload.CoreUse;
import io.janklab.workloads.recording.workload.Latencies;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedFrame;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Workload;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// The part of an imported workload that is too much for people, `workload.bin`, big-endian:
///
/// ```
/// file    = "JLWL" version:4 threads:4 ops… cores:4 core… frames:4 frame… processes:4 figures…
/// ops     = length:8 bytes                                  each thread's, in the order of workload.yaml
/// core    = number:4 intervals:4 (start:8 end:8 thread:4)…
/// frame   = token:8 tgid:4 expected start:8 expected end:8 tail:8 jank:4
/// figures = tgid:4 lock sleep:8 faults:8 switches:8 wake-ups:8 run time:8 times×3 latencies×3
/// times   = count:4 (text ns:8)…                            waits by holder, uninterruptible, on a core
/// latencies = count:4 (what:text thread:text length:4 HdrHistogram's compressed encoding)…      all, undisturbed, mmap_lock holds
/// ```
final class WorkloadBulk {
    private static final int MAGIC = 0x4a4c574c;
    private static final int MOST_BYTES = 1 << 30;

    private WorkloadBulk() {}

    static void write(Workload workload, DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeInt(WorkloadSheet.VERSION);
        out.writeInt(workload.threads.size());
        for (RecordedThread thread : workload.threads) {
            out.writeLong(thread.ops.length());
            thread.ops.writeTo(out);
        }
        out.writeInt(workload.cores.size());
        for (Map.Entry<Integer, CoreUse> core : workload.cores.entrySet()) {
            out.writeInt(core.getKey());
            out.writeInt(core.getValue().size());
            core.getValue().writeTo(out);
        }
        out.writeInt(workload.frames.size());
        for (RecordedFrame frame : workload.frames.values()) {
            write(frame, out);
        }
        out.writeInt(workload.figures.size());
        for (Map.Entry<Integer, ObservedFigures> process : workload.figures.entrySet()) {
            out.writeInt(process.getKey());
            write(process.getValue(), out);
        }
    }

    private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void write(RecordedFrame frame, DataOutputStream out) throws IOException {
        out.writeLong(frame.token());
        out.writeInt(frame.tgid());
        out.writeLong(frame.expectedStart());
        out.writeLong(frame.expectedEnd());
        out.writeLong(frame.tailNs());
        out.writeInt(frame.jank());
    }

    private static void write(ObservedFigures figures, DataOutputStream out) throws IOException {
        out.writeLong(figures.lockSleepNs);
        out.writeLong(figures.faults);
        out.writeLong(figures.switches);
        out.writeLong(figures.wakeups);
        out.writeLong(figures.runTimeNs);
        times(figures.waitsByHolder, out);
        times(figures.uninterruptible, out);
        times(figures.cpu, out);
        latencies(figures.latencies, out);
        latencies(figures.undisturbed, out);
        latencies(figures.holds, out);
    }

    private static void times(Map<String, Long> times, DataOutputStream out) throws IOException {
        out.writeInt(times.size());
        for (Map.Entry<String, Long> time : times.entrySet()) {
            out.writeUTF(time.getKey());
            out.writeLong(time.getValue());
        }
    }

    private static void latencies(Latencies latencies, DataOutputStream out) throws IOException {
        out.writeInt(latencies.parts().size());
        for (Latencies.Part part : latencies.parts()) {
            out.writeUTF(part.what());
            out.writeUTF(part.thread());
            ByteBuffer buffer = ByteBuffer.allocate(part.histogram().getNeededByteBufferCapacity());
            byte[] encoded = new byte[part.histogram().encodeIntoCompressedByteBuffer(buffer)];
            buffer.get(0, encoded);
            bytes(encoded, out);
        }
    }

    /// Adds it to what `workload.yaml` said. Ops and the use of cores stay in the file.
    ///
    /// @throws IOException if it is not whole, or does not belong to it
    static void read(Workload workload, Path file) throws IOException {
        MappedInput mapped = MappedInput.open(file);
        DataInputStream in = new DataInputStream(mapped);
        if (in.readInt() != MAGIC || in.readInt() != WorkloadSheet.VERSION) {
            throw new IOException("it is not of this form");
        }
        if (in.readInt() != workload.threads.size()) {
            throw new IOException("it has other threads than workload.yaml");
        }
        for (RecordedThread thread : workload.threads) {
            thread.ops = Ops.in(mapped.take(in.readLong()));
        }
        for (int i = in.readInt(); i > 0; i--) {
            workload.cores.put(in.readInt(), CoreUse.in(mapped.take((long) in.readInt() * CoreUse.BYTES)));
        }
        for (int i = in.readInt(); i > 0; i--) {
            long token = in.readLong();
            workload.frames.put(token, new RecordedFrame(in.readInt(), token, in.readLong(), in.readLong(), in.readLong(), in.readInt()));
        }
        for (int i = in.readInt(); i > 0; i--) {
            read(workload.figuresOf(in.readInt()), in);
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("a length in it is impossible");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("it ends early");
        }
        return bytes;
    }

    private static void read(ObservedFigures figures, DataInputStream in) throws IOException {
        figures.lockSleepNs = in.readLong();
        figures.faults = in.readLong();
        figures.switches = in.readLong();
        figures.wakeups = in.readLong();
        figures.runTimeNs = in.readLong();
        times(figures.waitsByHolder, in);
        times(figures.uninterruptible, in);
        times(figures.cpu, in);
        latencies(figures.latencies, in);
        latencies(figures.undisturbed, in);
        latencies(figures.holds, in);
    }

    private static void times(Map<String, Long> times, DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            times.put(in.readUTF(), in.readLong());
        }
    }

    private static void latencies(Latencies latencies, DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            String what = in.readUTF();
            String thread = in.readUTF();
            try {
                latencies.add(new Latencies.Part(what, thread, Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes(in)), 0)));
            } catch (DataFormatException | RuntimeException e) {
                throw new IOException("a distribution in it is damaged", e);
            }
        }
    }
}
