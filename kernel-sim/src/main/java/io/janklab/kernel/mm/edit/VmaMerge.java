package io.janklab.kernel.mm.edit;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges neighbouring VMAs with identical traits (Linux `mm/vma.c`: `vma_merge_new_range`, `vma_merge_existing_range`).
///
/// Every VMA that changes is write-locked, so a merge with a VMA in use waits for its readers.
public final class VmaMerge {
    private final Mm mm;
    /// Before 6.17 an unfaulted neighbour did not absorb a faulted VMA.
    private final boolean neighbourMustBeTheFaultedOne;

    public VmaMerge(Mm mm) {
        this.mm = mm;
        this.neighbourMustBeTheFaultedOne = mm.memory().profile().is(Switch.VMA_MERGE_UNFAULTED, SwitchValue.OLD);
    }

    /// Maps the hole `[start, end)`, whose page offsets begin at `pgoff`, by growing a compatible neighbour into it, if there is one; two
    /// such neighbours become one. `moved` is the source VMA of mremap, or null (`vma_merge_copied_range`).
    ///
    /// @return the VMA that covers it now, or null
    public @Nullable Vma mergeNewRange(Task task, long start, long end, VmaTraits traits, long pgoff, @Nullable Vma moved) {
        return mergeNewRange(task, start, end, traits, pgoff, moved, List.of());
    }

    /// The same where the VMAs `replaced`, which map nothing any more, are still in the range: the neighbour takes their place.
    public @Nullable Vma mergeOver(Task task, long start, long end, VmaTraits traits, long pgoff, List<Vma> replaced) {
        return mergeNewRange(task, start, end, traits, pgoff, null, replaced);
    }

    private @Nullable Vma mergeNewRange(
            Task task, long start, long end, VmaTraits traits, long pgoff, @Nullable Vma moved, List<Vma> replaced) {
        Vma prev = adjacentBelow(start);
        Vma next = adjacentAbove(end);
        Vma left = prev != null && takesNew(prev, traits, moved) && prev.index(start) == pgoff ? prev : null;
        boolean extended = left != null && left == moved;
        boolean fits = next != null && (left != null && extended ? continues(next, left, traits) : takesNew(next, traits, moved));
        Vma right = next != null && fits && next.pgoff() == pgoff + ((end - start) >>> Addresses.PAGE_SHIFT) ? next : null;
        if (left != null && right != null && (extended || compatible(left, right))) {
            return absorbNext(task, left, right, traits, moved, replaced);
        }
        if (left != null) {
            return resize(task, left, left.start(), end, traits, moved, replaced);
        }
        return right != null ? resize(task, right, start, right.end(), traits, moved, replaced) : null;
    }

    private Vma absorbNext(Task task, Vma prev, Vma next, VmaTraits traits, @Nullable Vma moved, List<Vma> replaced) {
        VmaEdit edit = begin(task, Cost.VMA_EXPAND, moved, prev, next);
        edit.overwrite(replaced);
        edit.inherit(prev, next);
        edit.inherit(prev, traits, moved);
        edit.remove(next);
        edit.resize(prev, prev.start(), next.end());
        edit.complete();
        return prev;
    }

    private Vma resize(Task task, Vma vma, long start, long end, VmaTraits traits, @Nullable Vma moved, List<Vma> replaced) {
        VmaEdit edit = begin(task, Cost.VMA_EXPAND, moved, vma);
        edit.overwrite(replaced);
        edit.inherit(vma, traits, moved);
        edit.resize(vma, start, end);
        edit.complete();
        return vma;
    }

    /// Gives `[start, end)` of `vma`, which is to have `traits`, to compatible neighbours.
    ///
    /// @return the VMA that covers it now, or null if no neighbour is compatible
    @Nullable Vma mergeExistingRange(Task task, Vma vma, long start, long end, VmaTraits traits) {
        Vma prev = start == vma.start() ? adjacentBelow(start) : null;
        Vma next = end == vma.end() ? adjacentAbove(end) : null;
        Vma left = prev != null && takes(prev, vma, traits) && prev.index(prev.end()) == vma.pgoff() ? prev : null;
        Vma right = next != null && takes(next, vma, traits) && vma.index(vma.end()) == next.pgoff() ? next : null;
        boolean whole = start == vma.start() && end == vma.end();
        if (left != null && right != null && compatible(left, right)) {
            return absorbBoth(task, left, vma, right);
        }
        if (left != null) {
            return whole ? absorbWhole(task, left, vma) : moveBoundary(task, left, vma, left, end);
        }
        if (right != null) {
            return whole ? absorbWhole(task, right, vma) : moveBoundary(task, vma, right, right, start);
        }
        return null;
    }

    private Vma absorbBoth(Task task, Vma prev, Vma vma, Vma next) {
        VmaEdit edit = begin(task, Cost.VMA_MERGE, null, prev, vma, next);
        edit.inherit(prev, vma);
        edit.inherit(prev, next);
        edit.remove(vma);
        edit.remove(next);
        edit.resize(prev, prev.start(), next.end());
        edit.complete();
        return prev;
    }

    private Vma absorbWhole(Task task, Vma neighbour, Vma vma) {
        VmaEdit edit = begin(task, Cost.VMA_MERGE, null, neighbour, vma);
        edit.inherit(neighbour, vma);
        edit.remove(vma);
        edit.resize(neighbour, Math.min(neighbour.start(), vma.start()), Math.max(neighbour.end(), vma.end()));
        edit.complete();
        return neighbour;
    }

    /// The boundary between two VMAs moves to `boundary`; `grown` is the one that gains.
    private Vma moveBoundary(Task task, Vma lower, Vma upper, Vma grown, long boundary) {
        VmaEdit edit = begin(task, Cost.VMA_MERGE, null, lower, upper);
        edit.inherit(grown, grown == lower ? upper : lower);
        edit.resize(lower, lower.start(), boundary);
        edit.resize(upper, boundary, upper.end());
        edit.complete();
        return grown;
    }

    /// `moved`: a VMA that stays as it is, but whose anon_vma may be passed on; or null.
    private VmaEdit begin(Task task, Cost step, @Nullable Vma moved, Vma... vmas) {
        task.charge(mm.memory().costs(), step);
        return VmaEdit.prepare(task, mm, moved, vmas);
    }

    private @Nullable Vma adjacentBelow(long start) {
        Vma prev = mm.vmas().below(start);
        return prev != null && prev.end() == start ? prev : null;
    }

    private @Nullable Vma adjacentAbove(long end) {
        Vma next = mm.vmas().lookup(end);
        return next != null && next.start() == end ? next : null;
    }

    /// Whether `neighbour` may grow over new memory, or over memory moved from `moved`.
    private boolean takesNew(Vma neighbour, VmaTraits traits, @Nullable Vma moved) {
        return moved == null ? traits.matches(neighbour) && neighbour.hasSingularChain() : takes(neighbour, moved, traits);
    }

    /// Whether `next` may be joined to `vma`, which grows up to it (`vma_merge_extend`); a fork is no obstacle to absorbing unfaulted
    /// memory there.
    private boolean continues(Vma next, Vma vma, VmaTraits traits) {
        if (next.anonVma() == null && vma.anonVma() != null) {
            return traits.matches(next) && !neighbourMustBeTheFaultedOne;
        }
        return takes(next, vma, traits);
    }

    /// Whether `neighbour` may absorb all or part of `vma`, which is to have `traits`.
    private boolean takes(Vma neighbour, Vma vma, VmaTraits traits) {
        if (neighbourMustBeTheFaultedOne && neighbour.anonVma() == null && vma.anonVma() != null) {
            return false;
        }
        return traits.matches(neighbour) && compatible(neighbour, vma);
    }

    /// `is_mergeable_anon_vma`: equal, or one of them missing and the other not shared with a parent or child process.
    private static boolean compatible(Vma one, Vma other) {
        if (one.anonVma() == null || other.anonVma() == null) {
            return one.hasSingularChain() && other.hasSingularChain();
        }
        return one.anonVma() == other.anonVma();
    }
}
