package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import java.util.EnumMap;
import java.util.Map;

/// The app's page faults by the lock they were handled under in the end, and by what they turned out to be.
///
/// @param byPath faults by path, without zeros
/// @param byKind faults by kind, without zeros
public record FaultCounts(Map<FaultPath, Long> byPath, Map<FaultKind, Long> byKind) {
    public long vmaLock() {
        return of(FaultPath.VMA_LOCK);
    }

    /// Under `mmap_lock` in the end, whether or not the per-VMA lock was tried first.
    public long mmapLock() {
        return of(FaultPath.MMAP_LOCK) + abort() + retry();
    }

    /// Under `mmap_lock` because the per-VMA lock could not be taken.
    public long abort() {
        return of(FaultPath.MMAP_LOCK_AFTER_ABORT);
    }

    /// Under `mmap_lock` after an attempt under the per-VMA lock had to be retried.
    public long retry() {
        return of(FaultPath.MMAP_LOCK_AFTER_RETRY);
    }

    /// Under neither lock, where a lock policy speculates.
    public long speculative() {
        return of(FaultPath.SPECULATIVE);
    }

    private long of(FaultPath path) {
        return byPath.getOrDefault(path, 0L);
    }

    public FaultCounts plus(FaultCounts other) {
        Map<FaultPath, Long> paths = new EnumMap<>(FaultPath.class);
        paths.putAll(byPath);
        other.byPath.forEach((path, faults) -> paths.merge(path, faults, Long::sum));
        Map<FaultKind, Long> kinds = new EnumMap<>(FaultKind.class);
        kinds.putAll(byKind);
        other.byKind.forEach((kind, faults) -> kinds.merge(kind, faults, Long::sum));
        return new FaultCounts(paths, kinds);
    }
}
