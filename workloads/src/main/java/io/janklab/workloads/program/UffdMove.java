package io.janklab.workloads.program;

import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.UffdMoveModel;
import java.util.ArrayList;
import java.util.List;

/// The published contention on the anon_vma lock of UFFDIO_MOVE, reduced to its essentials: a UI thread, the HeapTaskDaemon and other
/// threads that all move pages out of one VMA while more threads want to run than there are cores, and while another process keeps reclaim
/// going.
public final class UffdMove implements Program {
    private static final String PROCESS = "com.example.app";
    private static final String UI = "main";
    private static final int NICE_TOP_APP = -10;
    private static final int NICE_HEAP_TASK_DAEMON = 4;
    private static final int NICE_BACKGROUND = 10;
    private static final long MS = 1_000_000;
    private static final double NS_PER_MS = 1e6;
    private static final long UI_WORK_NS = 20_000;
    /// What reclaim's ageing comes to, and how often a lock kept it from looking.
    private static final List<VmStat.Item> REVERSE_MAP =
            List.of(VmStat.Item.PSWPIN, VmStat.Item.PGDEACTIVATE, VmStat.Item.PGACTIVATE, VmStat.Item.RMAP_FOLIO_BUSY,
                    VmStat.Item.RMAP_CONTENDED);
    private static final long MUTATOR_WORK_NS = 10_000;
    private static final long CAMERA_BYTES = 256L << 20;

    private final Kernel kernel;
    private final Device device;
    private final UffdMoveModel model;
    private final long durationNs;
    private final Process process;
    private final int pages;
    @SuppressWarnings("NullAway.Init")
    private MovingHeap heap;

    /// @param durationNs for how long the UI thread draws frames
    public UffdMove(Kernel kernel, Device device, UffdMoveModel model, long durationNs) {
        this.kernel = kernel;
        this.device = device;
        this.model = model;
        this.durationNs = durationNs;
        this.process = kernel.createProcess(PROCESS);
        this.pages = (int) (model.heapBytes() / Hardware.PAGE_SIZE);
    }

    @Override
    public String process() {
        return PROCESS;
    }

    @Override
    public void run() {
        process.spawn(UI, device.attributes(NICE_TOP_APP, CpuGroup.TOP_APP), this::uiThread);
        kernel.run(durationNs);
    }

    private void uiThread(Task ui) {
        heap = new MovingHeap(ui, process.syscalls(), pages, model.compacts());
        startTheOthers();
        RandomStream random = kernel.simulation().random("ui/pages");
        long frameNs = device.display().periodNs();
        while (true) {
            ui.sleepUntil((ui.now() / frameNs + 1) * frameNs);
            for (int i = 0; i < model.touchesPerFrame(); i++) {
                heap.touch(ui, random.nextInt(pages));
                ui.compute(UI_WORK_NS);
            }
        }
    }

    private void startTheOthers() {
        if (model.compacts()) {
            startHeapTaskDaemon();
        }
        for (int i = 0; i < model.mutators(); i++) {
            startMutator("Thread-" + i, 0, CpuGroup.TOP_APP);
            startMutator("AsyncTask-" + i, NICE_BACKGROUND, CpuGroup.BACKGROUND);
        }
        for (int i = 0; i < model.busyThreads(); i++) {
            startBusyThread("busy-" + i);
        }
        startCamera();
    }

    private void startHeapTaskDaemon() {
        process.spawn("HeapTaskDaemon", device.attributes(NICE_HEAP_TASK_DAEMON, CpuGroup.TOP_APP), gc -> {
            while (true) {
                heap.compact(gc);
            }
        });
    }

    private void startMutator(String name, int nice, CpuGroup group) {
        RandomStream random = kernel.simulation().random(name);
        process.spawn(name, device.attributes(nice, group), mutator -> {
            while (true) {
                heap.touch(mutator, random.nextInt(pages));
                mutator.compute(MUTATOR_WORK_NS);
            }
        });
    }

    private void startBusyThread(String name) {
        RandomStream random = kernel.simulation().random(name);
        process.spawn(name, device.attributes(0, CpuGroup.TOP_APP), task -> {
            while (true) {
                task.compute((long) random.exponential(5 * MS));
                task.sleepUntil(task.now() + (long) random.exponential(MS));
            }
        });
    }

    /// Another process that keeps filling memory.
    private void startCamera() {
        Process camera = kernel.createProcess("camera");
        camera.spawn("camera", device.attributes(0, CpuGroup.FOREGROUND), task -> {
            long buffer = camera.syscalls().mmap(task, 0, CAMERA_BYTES, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
            for (long offset = 0; ; offset = (offset + model.cameraBytesPerMs()) % CAMERA_BYTES) {
                camera.syscalls().memory().write(task, buffer + offset, model.cameraBytesPerMs());
                task.sleepUntil(task.now() + MS);
            }
        });
    }

    @Override
    public List<Quantity> quantities(RunMeasurement measurement) {
        TaskTimes ui = measurement.tasks().stream()
                .filter(times -> times.processName().equals(PROCESS) && times.name().equals(UI))
                .findFirst()
                .orElseThrow();
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(new Quantity("longest UI uninterruptible sleep", "ms", ui.longestUninterruptibleNs() / NS_PER_MS));
        quantities.add(new Quantity("UI uninterruptible sleep", "ms", ui.uninterruptibleNs() / NS_PER_MS));
        quantities.add(counter(VmStat.Item.PSWPOUT));
        if (!model.compacts()) {
            REVERSE_MAP.forEach(item -> quantities.add(counter(item)));
            long kswapdNs = measurement.tasks().stream().filter(times -> times.name().equals("kswapd")).mapToLong(TaskTimes::runningNs)
                    .sum();
            quantities.add(new Quantity("kswapd CPU", "ms", kswapdNs / NS_PER_MS));
        }
        return quantities;
    }

    private Quantity counter(VmStat.Item item) {
        return new Quantity(item.label(), "", kernel.memory().vmstat().get(item));
    }
}
