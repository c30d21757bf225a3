package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.MadvisePath;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many `madvise` calls of the app went by which lock.
///
/// @param byPath calls by path, without zeros
/// @param byTask the same for each family of tasks that made any; empty in the counts of one family
/// @param byHeap the same for each heap, or other memory by its name; empty in the counts of one heap
public record MadviseCounts(Map<MadvisePath, Long> byPath, Map<String, MadviseCounts> byTask, Map<String, MadviseCounts> byHeap) {
    public static final MadviseCounts NONE = new MadviseCounts(Map.of(), Map.of(), Map.of());

    public MadviseCounts asTask(String family) {
        return new MadviseCounts(byPath, Map.of(family, this), byHeap);
    }

    public MadviseCounts asHeap(String heap) {
        return new MadviseCounts(byPath, Map.of(), Map.of(heap, this));
    }

    public long calls() {
        return byPath.values().stream().mapToLong(Long::longValue).sum();
    }

    public long vmaLock() {
        return byPath.getOrDefault(MadvisePath.VMA_LOCK, 0L);
    }

    /// By `mmap_lock`, for reading or writing, whatever the cause.
    public long mmapLock() {
        return causes().values().stream().mapToLong(Long::longValue).sum();
    }

    /// Why calls went by `mmap_lock`: calls by cause in words; they add up to [#mmapLock].
    public Map<String, Long> causes() {
        Map<String, Long> causes = new LinkedHashMap<>();
        for (MadvisePath path : MadvisePath.values()) {
            if (path.byMmapLock() && byPath.containsKey(path)) {
                causes.put(path.cause(), byPath.get(path));
            }
        }
        return causes;
    }

    public MadviseCounts plus(MadviseCounts other) {
        Map<MadvisePath, Long> paths = new EnumMap<>(MadvisePath.class);
        paths.putAll(byPath);
        other.byPath.forEach((path, calls) -> paths.merge(path, calls, Long::sum));
        return new MadviseCounts(paths, plus(byTask, other.byTask), plus(byHeap, other.byHeap));
    }

    private static Map<String, MadviseCounts> plus(Map<String, MadviseCounts> counts, Map<String, MadviseCounts> others) {
        Map<String, MadviseCounts> sums = new LinkedHashMap<>(counts);
        others.forEach((name, more) -> sums.merge(name, more, MadviseCounts::plus));
        return sums;
    }
}
