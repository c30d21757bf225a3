package io.janklab.dashboards.measure.result;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Priority inversion in the app's process: the time its tasks waited for a lock that a task of lower priority held or was queued for
/// ahead of them, at any link of the chain.
///
/// @param chains every chain in which a task of the app waited, inverted or not; costliest first
public record Inversion(List<ChainTotal> chains) {
    private static final Comparator<ChainTotal> COSTLIEST_FIRST =
            Comparator.comparingLong(ChainTotal::ns).reversed().thenComparing(ChainTotal::chain);

    public Inversion {
        chains = chains.stream().filter(chain -> chain.ns() > 0).sorted(COSTLIEST_FIRST).toList();
    }

    /// Time (ns) the UI thread was inverted.
    public long uiNs() {
        return ui().totalNs();
    }

    /// Time (ns) the RenderThread was inverted.
    public long renderThreadNs() {
        return renderThread().totalNs();
    }

    /// Time (ns) all tasks of the app were inverted, added up.
    public long processNs() {
        return process().totalNs();
    }

    /// The UI thread's inverted chains, costliest first; they add up to [#uiNs].
    public List<ChainTotal> uiChains() {
        return ui().chains();
    }

    /// The RenderThread's inverted chains, costliest first; they add up to [#renderThreadNs].
    public List<ChainTotal> renderThreadChains() {
        return renderThread().chains();
    }

    /// The part of [#uiNs] during which the last task of the chain did `activity`.
    public long uiNs(HolderActivity activity) {
        return ui().byActivity().getOrDefault(activity, 0L);
    }

    public InversionSplit ui() {
        return inverted(chain -> chain.role().equals(Role.UI));
    }

    public InversionSplit renderThread() {
        return inverted(chain -> chain.role().equals(Role.RENDER_THREAD));
    }

    /// UI thread, RenderThread and all others.
    public InversionSplit process() {
        return inverted(chain -> true);
    }

    private InversionSplit inverted(Predicate<ChainTotal> who) {
        return new InversionSplit(chains.stream().filter(ChainTotal::inverted).filter(who).toList());
    }

    public Inversion plus(Inversion other) {
        Map<ChainTotal, ChainTotal> sums = new LinkedHashMap<>();
        Stream.concat(chains.stream(), other.chains.stream())
                .forEach(chain -> sums.merge(chain.costing(0, 0), chain, ChainTotal::plus));
        return new Inversion(List.copyOf(sums.values()));
    }
}
