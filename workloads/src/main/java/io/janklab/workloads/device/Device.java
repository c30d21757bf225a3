package io.janklab.workloads.device;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Storage;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.UtilClamp;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.Watermarks;
import io.janklab.sim.Simulation;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.input.Settings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// A device: the machine, the costs of its kernel's steps, its cpusets and its display.
///
/// @param check what published figure its frames are checked against; empty if none is
/// @param cpusets by [CpuGroup], every one of them
/// @param uclamp by [CpuGroup], every one of them
/// @param frames what an app's frames take on it
/// @param allocator preset of the native heap that its build of Android gives apps
/// @param watermarkScaleFactor how early kswapd begins, in ten-thousandths of memory
/// @param hugePages of 2 MiB set aside for MAP_HUGETLB (`vm.nr_hugepages`)
public record Device(
        String name,
        String description,
        String check,
        Hardware hardware,
        CostModel costs,
        Map<CpuGroup, CpuSet> cpusets,
        Map<CpuGroup, UtilClamp> uclamp,
        int watermarkScaleFactor,
        int hugePages,
        ZramSpec zram,
        Storage storage,
        Display display,
        FrameScale frames,
        String allocator) {
    public static final Catalogue CATALOGUE =
            new Catalogue("device", "/io/janklab/workloads/device", List.of("pixel-6", "pixel-8", "budget-4gb", "desktop-x86"));

    private static final Map<String, Architecture> ARCHITECTURES = Map.of("arm64", Architecture.ARM64, "x86-64", Architecture.X86_64);
    private static final String CLUSTERS = "clusters";
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;

    /// The bundled device of that name, or the one described in that file.
    ///
    /// @throws BadInput if there is none, or it describes nothing that could exist
    public static Device find(String nameOrPath) {
        return from(Catalogue.nameOf(nameOrPath), CATALOGUE.find(nameOrPath));
    }

    /// The device whose file has these bytes.
    ///
    /// @throws BadInput if it is impossible, or not YAML
    public static Device of(String nameOrPath, byte[] source) {
        return from(Catalogue.nameOf(nameOrPath), Catalogue.read(nameOrPath, source));
    }

    static Device from(String name, Settings settings) {
        return settings.read(() -> parsed(name, settings));
    }

    private static Device parsed(String name, Settings settings) {
        Hardware hardware = hardware(settings);
        Device device = new Device(
                name,
                settings.text("description"),
                settings.has("check") ? settings.text("check") : "",
                hardware,
                CostSettings.read(settings),
                cpusets(settings, hardware),
                uclamp(settings),
                watermarkScaleFactor(settings),
                hugePages(settings, hardware),
                zram(settings),
                storage(settings),
                display(settings),
                frames(settings),
                allocator(settings));
        settings.rejectUnknown();
        return device;
    }

    /// The scheduling of a thread of that group at that nice value.
    public TaskAttributes attributes(int nice, CpuGroup group) {
        return TaskAttributes.normal(nice, Objects.requireNonNull(cpusets.get(group))).with(Objects.requireNonNull(uclamp.get(group)));
    }

    /// The same with the costs of that name, or of names that begin with it and a dot, `factor` times as high: `tlbi` for `tlbi.page` and
    /// `tlbi.all`. The same device if there are none.
    public Device withCosts(String costName, double factor) {
        CostModel model = costs;
        for (Cost cost : Cost.values()) {
            if (isNamed(cost, costName)) {
                model = model.times(cost, factor);
            }
        }
        return new Device(name, description, check, hardware, model, cpusets, uclamp, watermarkScaleFactor, hugePages, zram, storage,
                display, frames, allocator);
    }

    /// The same with only `bytes` bytes of its memory (`mem=` on the kernel's command line); 0 for all.
    public Device withMemory(long bytes) {
        if (bytes == 0 || bytes >= hardware.memoryBytes()) {
            return this;
        }
        Hardware smaller = new Hardware(hardware.architecture(), hardware.cpus(), bytes);
        return new Device(name, description, check, smaller, costs, cpusets, uclamp, watermarkScaleFactor, hugePages, zram, storage,
                display, frames, allocator);
    }

    /// The same with its display set to `hz` frames per second, which its name then shows: `pixel-6@90Hz`; 0 leaves it as it is.
    ///
    /// @throws BadInput if the display has no such mode
    public Device withRefreshHz(int hz) {
        if (hz == 0 || hz == display.refreshHz()) {
            return this;
        }
        if (!display.modesHz().contains(hz)) {
            String modes = display.modesHz().stream().map(String::valueOf).collect(Collectors.joining(" or "));
            throw new BadInput("the display of " + name + " shows " + modes + " frames per second, not " + hz + ".");
        }
        return new Device(name + "@" + hz + "Hz", description, check, hardware, costs, cpusets, uclamp, watermarkScaleFactor, hugePages,
                zram, storage, display.at(hz), frames, allocator);
    }

    public static boolean isNamed(Cost cost, String costName) {
        return cost.key().equals(costName) || cost.key().startsWith(costName + ".");
    }

    public CpuSet cpus(CpuGroup group) {
        return Objects.requireNonNull(cpusets.get(group));
    }

    /// A kernel of that profile, booted on this device: its swap on, its files on its storage.
    public Kernel boot(Simulation simulation, KernelProfile profile) {
        Kernel kernel = new Kernel(simulation, hardware, profile, costs);
        kernel.memory().pageCache().device().use(storage);
        kernel.memory().setWatermarkScaleFactor(watermarkScaleFactor);
        kernel.memory().hugetlb().pool().resize(hugePages);
        if (zram.bytes() > 0) {
            kernel.memory().swapOn(zram.bytes(), zram.ratio());
        }
        return kernel;
    }

    private static Hardware hardware(Settings settings) {
        Architecture architecture =
                Objects.requireNonNull(ARCHITECTURES.get(settings.choice("architecture", List.of("arm64", "x86-64"))));
        List<CpuSpec> cpus = new ArrayList<>();
        for (String cluster : settings.children(CLUSTERS)) {
            String key = CLUSTERS + "." + cluster;
            long count = settings.integer(key + ".count", 1, Hardware.MAX_CPUS);
            int capacity = (int) settings.integer(key + ".capacity", 1, 1024);
            String mhz = key + ".mhz";
            int maxKhz = settings.has(mhz) ? (int) settings.integer(mhz, 1, 100_000) * 1000 : 0;
            for (int i = 0; i < count; i++) {
                cpus.add(new CpuSpec(cluster, capacity, maxKhz));
            }
        }
        checkCount(settings, cpus.size());
        List<CpuSpec> possible =
                cpus.isEmpty() ? List.of(new CpuSpec("none", 1)) : cpus.subList(0, Math.min(cpus.size(), Hardware.MAX_CPUS));
        return new Hardware(architecture, possible, settings.integer("memoryMiB", 1, 1 << 19) << 20);
    }

    private static void checkCount(Settings settings, int cpus) {
        List<String> counts = counts(settings);
        if (counts.isEmpty()) {
            settings.require(settings.text(CLUSTERS).isEmpty(), CLUSTERS, "has clusters below it, each with count and capacity");
        } else {
            settings.require(cpus <= Hardware.MAX_CPUS, counts.getLast(),
                    "leaves a device with at most " + Hardware.MAX_CPUS + " cpus in all", counts.toArray(String[]::new));
        }
    }

    /// The keys that say how many cpus there are.
    private static List<String> counts(Settings settings) {
        return settings.children(CLUSTERS).stream().map(cluster -> CLUSTERS + "." + cluster + ".count").toList();
    }

    private static Map<CpuGroup, CpuSet> cpusets(Settings settings, Hardware hardware) {
        long existing = -1L >>> (64 - hardware.cpus().size());
        List<String> counts = counts(settings);
        String[] others = counts.isEmpty() ? new String[] {CLUSTERS} : counts.toArray(String[]::new);
        Map<CpuGroup, CpuSet> sets = new EnumMap<>(CpuGroup.class);
        for (CpuGroup group : CpuGroup.values()) {
            String key = "cpusets." + group.key();
            CpuSet cpus = settings.cpus(key);
            settings.require((cpus.mask() & ~existing) == 0, key, "names only cpus 0-" + (hardware.cpus().size() - 1), others);
            sets.put(group, cpus);
        }
        return sets;
    }

    private static Map<CpuGroup, UtilClamp> uclamp(Settings settings) {
        Map<CpuGroup, UtilClamp> clamps = new EnumMap<>(CpuGroup.class);
        for (CpuGroup group : CpuGroup.values()) {
            String key = "uclamp." + group.key();
            int min = (int) settings.integer(key + ".min", 0, 1024);
            int max = (int) settings.integer(key + ".max", min, 1024);
            clamps.put(group, new UtilClamp(min, Math.max(min, max)));
        }
        return clamps;
    }

    private static int watermarkScaleFactor(Settings settings) {
        String key = "watermarkScaleFactor";
        return settings.has(key) ? (int) settings.integer(key, 1, Watermarks.MOST_SCALE_FACTOR) : Watermarks.DEFAULT_SCALE_FACTOR;
    }

    /// None unless the device says so, and no more than half of its memory.
    private static int hugePages(Settings settings, Hardware hardware) {
        String key = "hugePages";
        return settings.has(key) ? (int) settings.integer(key, 0, hardware.memoryBytes() / 2 >>> Addresses.PMD_SHIFT) : 0;
    }

    private static ZramSpec zram(Settings settings) {
        return new ZramSpec(settings.integer("zram.sizeMiB", 0, 1 << 22) << 20, settings.number("zram.ratio", 1, 100));
    }

    private static Storage storage(Settings settings) {
        return new Storage(
                (long) (settings.number("storage.readUs", 0, 1e6) * NS_PER_US),
                settings.number("storage.sigma", 0, 5),
                settings.integer("storage.nsPerPage", 0, 1_000_000_000));
    }

    private static FrameScale frames(Settings settings) {
        return settings.has("frames.cpuWork") || settings.has("frames.gpuTime")
                ? new FrameScale(settings.number("frames.cpuWork", 0.01, 100), settings.number("frames.gpuTime", 0.01, 100))
                : FrameScale.ONE;
    }

    /// AOSP's `libc` has Scudo unless a device is built for little memory (`malloc_not_svelte`).
    private static String allocator(Settings settings) {
        String key = "allocator";
        return settings.has(key) ? settings.choice(key, HeapConfig.PRESETS) : "scudo";
    }

    private static Display display(Settings settings) {
        List<Integer> modes = settings.integers("display.modesHz", 1, 1000);
        int refreshHz = (int) settings.integer("display.refreshHz", 1, 1000);
        settings.require(modes.contains(refreshHz), "display.refreshHz", "is one of display.modesHz", "display.modesHz");
        return new Display(
                refreshHz,
                modes,
                (long) (settings.number("display.appDurationMs", 0.1, 1000) * NS_PER_MS),
                (long) (settings.number("display.sfDurationMs", 0.1, 1000) * NS_PER_MS),
                (int) settings.integer("display.buffers", 2, 16));
    }
}
