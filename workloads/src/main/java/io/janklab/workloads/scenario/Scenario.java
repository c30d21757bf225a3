package io.janklab.workloads.scenario;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.input.Settings;
import io.janklab.workloads.replay.Mix;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the app does, how often and at what cost.
public record Scenario(
        String name,
        String description,
        long durationNs,
        FrameModel frame,
        Distribution compose,
        JavaHeapModel javaHeap,
        NativeHeapModel nativeHeap,
        Churn uiChurn,
        Churn renderChurn,
        JitModel jit,
        WorkerModel workers,
        Load foreground,
        Load background) {
    public static final Catalogue CATALOGUE =
            new Catalogue("scenario", "/io/janklab/workloads/scenario", List.of("scroll", "gc-storm", "map-churn"));

    private static final String REFERENCE = "reference";

    /// The bundled scenario of that name, or the one in that file, with some keys changed.
    ///
    /// @throws BadInput if there is none, or it holds an unknown key or an impossible value
    public static Scenario find(String nameOrPath, Map<String, String> changes) {
        Settings settings = CATALOGUE.find(nameOrPath).over(CATALOGUE.bundled(REFERENCE));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            settings = settings.with(change.getKey(), change.getValue());
        }
        return from(Catalogue.nameOf(nameOrPath), settings);
    }

    /// Every key a scenario has.
    public static Set<String> keys() {
        return CATALOGUE.bundled(REFERENCE).keys();
    }

    static Scenario from(String name, Settings settings) {
        Scenario scenario = new Scenario(
                name,
                settings.text("description"),
                (long) (settings.number("durationS", 0.001, 1e6) * 1e9),
                FrameModel.from(settings),
                Distribution.from(settings, "surfaceflinger.compose"),
                JavaHeapModel.from(settings),
                NativeHeapModel.from(settings, Mix.NAMES),
                Churn.from(settings, "mapChurn.ui"),
                Churn.from(settings, "mapChurn.renderThread"),
                JitModel.from(settings),
                WorkerModel.from(settings),
                Load.from(settings, "load.foreground"),
                Load.from(settings, "load.background"));
        settings.rejectUnknown();
        return scenario;
    }
}
