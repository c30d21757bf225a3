package io.janklab.workloads.recording;

import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.event.EventKind;
import io.janklab.workloads.recording.read.ReadReport;
import io.janklab.workloads.recording.read.RecordingFormat;
import io.janklab.workloads.recording.workload.Ops;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Workload;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The part of an imported workload that people read and may edit, `workload.yaml`: the machine, the processes with their memory, the
/// threads. Times in ns, sizes in bytes.
///
/// @param version of this form
/// @param format what the recording was, a [RecordingFormat]
/// @param kinds how many events of each [EventKind] there were
record WorkloadSheet(
        int version,
        String recording,
        String format,
        String kernel,
        String architecture,
        String preemption,
        int cpus,
        long memoryBytes,
        long durationNs,
        long eventCostNs,
        long faultNs,
        List<Long> idleExitNs,
        boolean calls,
        boolean faults,
        long jankyFrames,
        long events,
        Map<String, Long> kinds,
        long lost,
        List<String> warnings,
        List<OneProcess> processes,
        List<OneThread> threads,
        List<String> names,
        Map<String, Long> gapsNs) {
    static final int VERSION = 5;
    private static final int HEXADECIMAL = 16;

    /// @param framesByJank bits of FrameJank
    /// @param images each address space as it begins
    record OneProcess(int tgid, String name, long frames, long mmEvents, long cpuNs, Map<Integer, Long> framesByJank,
            List<List<OneArea>> images) {}

    /// @param start in hexadecimal
    record OneArea(String start, String end, int protection, boolean file) {}

    /// @param timersAreTimes whether its timers are set to times, not for durations
    record OneThread(int tid, int tgid, String name, int prio, boolean spawned, int parent, long beginsAtNs, boolean timersAreTimes,
            long cpuNs, long faults, long aliveNs, long unknownNs) {}

    static WorkloadSheet of(Workload workload, ReadReport report) {
        Map<String, Long> kinds = new LinkedHashMap<>();
        for (EventKind kind : EventKind.values()) {
            kinds.put(kind.name(), report.count(kind));
        }
        return new WorkloadSheet(
                VERSION, workload.name, report.format().name(), workload.release, workload.architecture,
                workload.preemption, workload.cpus,
                workload.memoryBytes, workload.durationNs, workload.eventCostNs, workload.faultNs,
                workload.idleExitNs, workload.hasCalls,
                workload.hasFaults, workload.jankyFrames, report.events(), kinds, report.lost(), report.warnings(),
                workload.processes.values().stream().map(WorkloadSheet::process).toList(),
                workload.threads.stream().map(WorkloadSheet::thread).toList(), workload.names, workload.gaps);
    }

    private static OneProcess process(RecordedProcess process) {
        List<List<OneArea>> images = process.images.stream()
                .map(image -> image.areas().stream().map(WorkloadSheet::area).toList())
                .toList();
        return new OneProcess(process.tgid, process.name, process.frames, process.mmEvents, process.cpuNs, process.framesByJank, images);
    }

    private static OneArea area(RecordedProcess.Area area) {
        return new OneArea(Long.toHexString(area.start()), Long.toHexString(area.end()), area.protection(), area.file());
    }

    private static OneThread thread(RecordedThread thread) {
        return new OneThread(
                thread.tid, thread.tgid, thread.name, thread.prio, thread.isSpawned, thread.parent, thread.beginsAt, thread.isPeriodic,
                thread.cpuNs, thread.faults, thread.aliveNs, thread.unknownNs);
    }

    ReadReport report() {
        Map<EventKind, Long> counts = new EnumMap<>(EventKind.class);
        kinds.forEach((kind, count) -> counts.put(EventKind.valueOf(kind), count));
        return ReadReport.restored(RecordingFormat.valueOf(format), counts, events, lost, warnings);
    }

    /// What it says, without the bulk that is elsewhere.
    Workload workload() {
        Workload workload = new Workload();
        workload.name = recording;
        workload.release = kernel;
        workload.architecture = architecture;
        workload.preemption = preemption;
        workload.cpus = cpus;
        workload.memoryBytes = memoryBytes;
        workload.durationNs = durationNs;
        workload.eventCostNs = eventCostNs;
        workload.faultNs = faultNs;
        workload.idleExitNs = List.copyOf(idleExitNs);
        workload.hasCalls = calls;
        workload.hasFaults = faults;
        workload.jankyFrames = jankyFrames;
        workload.gaps.putAll(gapsNs);
        names.forEach(workload::number);
        processes.forEach(process -> restore(process, workload.process(process.tgid)));
        threads.forEach(thread -> workload.threads.add(restored(thread, workload)));
        return workload;
    }

    private static void restore(OneProcess from, RecordedProcess to) {
        to.name = OneLine.of(from.name);
        to.frames = from.frames;
        to.mmEvents = from.mmEvents;
        to.cpuNs = from.cpuNs;
        to.framesByJank.putAll(from.framesByJank);
        to.images.clear();
        from.images.forEach(areas -> {
            RecordedProcess.Image image = new RecordedProcess.Image();
            areas.forEach(area -> image.areas().add(new RecordedProcess.Area(
                    Long.parseLong(area.start, HEXADECIMAL), Long.parseLong(area.end, HEXADECIMAL), area.protection, area.file)));
            to.images.add(image);
        });
    }

    private static RecordedThread restored(OneThread from, Workload workload) {
        RecordedThread to = new RecordedThread(workload.threads.size(), from.tid, new Ops(workload.scratch));
        to.tgid = from.tgid;
        to.name = OneLine.of(from.name);
        to.prio = from.prio;
        to.isSpawned = from.spawned;
        to.parent = from.parent;
        to.beginsAt = from.beginsAtNs;
        to.isPeriodic = from.timersAreTimes;
        to.cpuNs = from.cpuNs;
        to.faults = from.faults;
        to.aliveNs = from.aliveNs;
        to.unknownNs = from.unknownNs;
        return to;
    }
}
