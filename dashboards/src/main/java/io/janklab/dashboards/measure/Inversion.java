package io.janklab.dashboards.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Priority inversion of the watched tasks: the time they waited for a lock that a task of lower priority held or was queued for
/// ahead of them, at any link of the chain.
///
/// @param chains every chain in which a watched task waited, inverted or not; costliest first
public record Inversion(List<ChainTotal> chains) {
    private static final Comparator<ChainTotal> COSTLIEST_FIRST =
            Comparator.comparingLong(ChainTotal::ns).reversed().thenComparing(ChainTotal::chain);

    public Inversion {
        chains = chains.stream().filter(chain -> chain.ns() > 0).sorted(COSTLIEST_FIRST).toList();
    }

    /// Time (ns) the UI thread was inverted.
    public long uiNs() {
        return sum(uiChains());
    }

    /// Time (ns) the RenderThread was inverted.
    public long renderThreadNs() {
        return sum(renderThreadChains());
    }

    /// The UI thread's inverted chains, costliest first; they add up to [#uiNs].
    public List<ChainTotal> uiChains() {
        return invertedChains(WatchedTask.UI);
    }

    /// The RenderThread's inverted chains, costliest first; they add up to [#renderThreadNs].
    public List<ChainTotal> renderThreadChains() {
        return invertedChains(WatchedTask.RENDER_THREAD);
    }

    /// The part of [#uiNs] during which the last task of the chain did `activity`.
    public long uiNs(HolderActivity activity) {
        return sum(uiChains().stream().filter(chain -> chain.activity() == activity).toList());
    }

    private List<ChainTotal> invertedChains(String role) {
        return chains.stream().filter(chain -> chain.inverted() && chain.role().equals(role)).toList();
    }

    private static long sum(List<ChainTotal> chains) {
        return chains.stream().mapToLong(ChainTotal::ns).sum();
    }

    public Inversion plus(Inversion other) {
        List<ChainTotal> sum = new ArrayList<>(chains);
        other.chains.forEach(chain -> add(sum, chain));
        return new Inversion(sum);
    }

    private static void add(List<ChainTotal> sum, ChainTotal more) {
        for (int i = 0; i < sum.size(); i++) {
            if (sum.get(i).chain().equals(more.chain())) {
                sum.set(i, sum.get(i).plus(more));
                return;
            }
        }
        sum.add(more);
    }
}
