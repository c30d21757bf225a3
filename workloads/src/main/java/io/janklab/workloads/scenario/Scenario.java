package io.janklab.workloads.scenario;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.input.Settings;
import io.janklab.workloads.replay.Mix;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The operations of the app, their rates and costs, and the load beside it.
///
/// @param program what is run: the app on its phone ([#APP]), or a program of its own
/// @param processes whether a loop's tasks have a process each
/// @param memoryBytes of the device's memory that are available; 0 for all
/// @param refreshHz frames per second of the device's display; 0 for its own
/// @param warmUpNs for how long frames are drawn but not counted
/// @param headline the metric by which kernels are judged, named before anything is run
/// @param quantities what is measured beside the frames, by name
public record Scenario(
        String name,
        String description,
        String program,
        PteBloatModel pteBloat,
        UffdMoveModel uffdMove,
        boolean processes,
        long memoryBytes,
        int refreshHz,
        long durationNs,
        long warmUpNs,
        String headline,
        List<String> quantities,
        LaunchModel launch,
        FrameModel frame,
        Distribution compose,
        JavaHeapModel javaHeap,
        NativeHeapModel nativeHeap,
        Churn uiChurn,
        Churn renderChurn,
        JitModel jit,
        WorkerModel workers,
        MapperModel mapper,
        AwayModel away,
        List<ThreadModel> threads,
        Neighbours neighbours) {
    public static final Catalogue CATALOGUE = new Catalogue(
            "scenario",
            "/io/janklab/workloads/scenario",
            List.of(
                    "scroll", "busy", "launch", "warm-start", "gc-storm", "gc-long", "map-churn", "bitmap-load", "camera-burst",
                    "background-trim", "memory-pressure", "uffd-move", "remote-reader", "maps-reader", "flutter", "unity", "hermes",
                    "webview", "jit-flips",
                    "pte-bloat", "page_fault1", "mmap1", "brk1", "tlb_flush1", "malloc1"));

    /// The [#program] that is a whole phone.
    public static final String APP = "app";
    public static final String PTE_BLOAT = "pte-bloat";

    public static final String UFFD_MOVE = "uffd-move";

    private static final List<String> PROGRAMS =
            List.of(APP, PTE_BLOAT, UFFD_MOVE, "page_fault1", "mmap1", "brk1", "tlb_flush1", "malloc1");
    private static final List<String> QUANTITIES =
            List.of("launch-time", "ui-d-state", "ui-mmap-lock", "mmap-lock", "mmap-latency", "ipis", "swap", "page-tables");

    /// Holds every key, and the defaults of keys that a scenario does not set.
    public static final String REFERENCE = "reference";
    /// For [#refreshHz]: as in the device's file.
    private static final String OWN = "own";

    /// The bundled scenario of that name, or the one in that file, with some keys changed.
    ///
    /// @throws BadInput if there is none, or it holds an unknown key or an impossible value
    public static Scenario find(String nameOrPath, Map<String, String> changes) {
        return of(nameOrPath, settings(nameOrPath, CATALOGUE.source(nameOrPath)), changes);
    }

    /// Every setting of the scenario whose file has these bytes, before any change.
    ///
    /// @throws BadInput if it holds an unknown key, or is not YAML
    public static Settings settings(String nameOrPath, byte[] source) {
        return Catalogue.read(nameOrPath, source).over(Reference.SETTINGS);
    }

    /// The scenario of these settings with some keys changed.
    ///
    /// @throws BadInput if it holds an impossible value
    public static Scenario of(String nameOrPath, Settings settings, Map<String, String> changes) {
        return from(Catalogue.nameOf(nameOrPath), settings.with(changes));
    }

    /// Whether it is a key of a scenario, or of a thread of its own: `threads.raster.nice`.
    public static boolean isKey(String key) {
        return keys().contains(Settings.template(key));
    }

    /// Every key a scenario has, and those of a thread of its own once, below `thread`.
    public static Set<String> keys() {
        return Reference.SETTINGS.keys();
    }

    /// Read once: a sweep asks for it at each of its points.
    private static final class Reference {
        static final Settings SETTINGS = CATALOGUE.bundled(REFERENCE);
    }

    /// Every key of the scenario of that name or in that file, or of [#REFERENCE]: its value, and its other possible values.
    ///
    /// @throws BadInput as [#find]
    public static List<KeyChoice> choices(String nameOrPath) {
        Settings reference = CATALOGUE.bundled(REFERENCE);
        Settings settings = nameOrPath.equals(REFERENCE) ? reference : CATALOGUE.find(nameOrPath).over(reference);
        from(Catalogue.nameOf(nameOrPath), settings);
        Map<String, String> comments = CATALOGUE.comments(REFERENCE);
        Stream<String> own = settings.keys().stream().filter(key -> key.startsWith(Settings.FAMILY));
        return Stream.concat(reference.keys().stream(), own)
                .map(key -> {
                    String standard = Settings.template(key);
                    return new KeyChoice(key, settings.text(key), reference.text(standard), settings.allowed(standard),
                            comments.getOrDefault(standard, ""));
                })
                .toList();
    }

    /// The names of what it measures itself, beside its frames.
    public List<String> measured() {
        return Figures.names(program, quantities);
    }

    /// Whether it is the same except for its name and duration.
    public boolean isLike(Scenario other) {
        return new Scenario(other.name, other.description, program, pteBloat, uffdMove, processes, memoryBytes, refreshHz, other.durationNs,
                warmUpNs, headline, quantities, launch, frame, compose, javaHeap, nativeHeap, uiChurn, renderChurn, jit, workers, mapper,
                away, threads, neighbours).equals(other);
    }

    /// The device as the scenario wants it: its memory, its refresh rate.
    ///
    /// @throws BadInput if it cannot be had so, or its allocator lacks an option
    public Device on(Device device) {
        nativeHeap.config(device);
        return device.withMemory(memoryBytes).withRefreshHz(refreshHz);
    }

    static Scenario from(String name, Settings settings) {
        return settings.read(() -> parsed(name, settings));
    }

    private static Scenario parsed(String name, Settings settings) {
        Scenario scenario = new Scenario(
                name,
                settings.text("description"),
                settings.choice("program", PROGRAMS),
                PteBloatModel.from(settings),
                UffdMoveModel.from(settings),
                settings.flag("loop.processes"),
                settings.text("memMiB").equals("all") ? 0 : settings.integer("memMiB", 1, 1 << 24) << 20,
                settings.text("refreshHz").equals(OWN) ? 0 : (int) settings.integer("refreshHz", 1, 1000),
                (long) (settings.number("durationS", 0.001, 1e6) * 1e9),
                (long) (settings.number("warmUpS", 0, 1e6) * 1e9),
                Figures.headline(settings, settings.choice("program", PROGRAMS), settings.words("quantities", QUANTITIES)),
                settings.words("quantities", QUANTITIES),
                LaunchModel.from(settings),
                FrameModel.from(settings),
                Distribution.from(settings, "surfaceflinger.compose"),
                JavaHeapModel.from(settings),
                NativeHeapModel.from(settings, Mix.NAMES),
                Churn.from(settings, "mapChurn.ui"),
                Churn.from(settings, "mapChurn.renderThread"),
                JitModel.from(settings),
                WorkerModel.from(settings),
                MapperModel.from(settings),
                AwayModel.from(settings),
                ThreadModel.all(settings),
                Neighbours.from(settings));
        settings.rejectUnknown();
        return scenario;
    }
}
