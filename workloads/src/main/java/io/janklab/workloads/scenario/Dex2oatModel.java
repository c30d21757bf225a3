package io.janklab.workloads.scenario;

import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.input.Settings;
import java.util.Objects;
import java.util.stream.Stream;

/// An installed app that is compiled meanwhile (keys below `dex2oat`); sizes in bytes.
///
/// @param startNs when it begins, counted from the app's start
/// @param fileBytes of dex code, none of it in memory at first; 0: nothing is compiled
/// @param cpus whose cores it gets
/// @param workPerMib of its threads, for each MiB of code
/// @param arenaBytes of memory that each thread fills for each MiB, and gives back with munmap
public record Dex2oatModel(
        long startNs, long fileBytes, int threads, int nice, CpuGroup cpus, Distribution workPerMib, long arenaBytes) {
    static Dex2oatModel from(Settings settings) {
        String cpuset = settings.choice("dex2oat.cpuset", Stream.of(CpuGroup.values()).map(CpuGroup::key).toList());
        return new Dex2oatModel(
                (long) (settings.number("dex2oat.startMs", 0, 1e9) * 1e6),
                settings.integer("dex2oat.fileMiB", 0, 1 << 12) << 20,
                (int) settings.integer("dex2oat.threads", 1, 64),
                (int) settings.integer("dex2oat.nice", -20, 19),
                Objects.requireNonNull(CpuGroup.byKey(cpuset)),
                Distribution.from(settings, "dex2oat.workPerMiB"),
                settings.integer("dex2oat.arenaKibPerMiB", 0, 1 << 20) << 10);
    }
}
