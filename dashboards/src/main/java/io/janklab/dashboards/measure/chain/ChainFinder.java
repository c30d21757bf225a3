package io.janklab.dashboards.measure.chain;

import io.janklab.dashboards.measure.mirror.Blockers;
import io.janklab.dashboards.measure.mirror.FamilyName;
import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.result.ChainTotal;
import io.janklab.dashboards.measure.result.HolderActivity;
import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TracedLock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows a wait to the task at the end of its chain: UI → queued writer → preempted reader → what that one waits for → ….
public final class ChainFinder {
    /// Longer chains, and circles, end here.
    static final int MAX_LINKS = 6;

    private final Blockers blockers = new Blockers();
    private final Map<ChainKey, Chain> chains = new HashMap<>();
    private final Map<String, Integer> lockNames = new HashMap<>();
    private final ChainKey key = new ChainKey();
    /// The result of the last walk: the locks waited for, the first blocking task, the task at the end.
    private final TracedLock[] links = new TracedLock[MAX_LINKS];
    private int linkCount;
    private @Nullable TaskMirror behind;
    private @Nullable TaskMirror end;
    private Consumer<Chain> onNewChain = chain -> {};

    public void onNewChain(Consumer<Chain> listener) {
        chains.values().forEach(listener);
        onNewChain = listener;
    }

    public List<ChainTotal> totals() {
        return chains.values().stream().map(Chain::total).toList();
    }

    /// The chain in which `waiter`, known as `role`, waits now.
    public Chain find(TaskMirror waiter, String role) {
        key.clear();
        key.add(role.hashCode());
        key.add(identity(waiter));
        key.add(lockIdentity(waiter));
        TaskMirror last = follow(waiter, null);
        key.add(HolderActivity.of(last.state()).ordinal());
        Chain known = chains.get(key);
        return known != null ? known : create(waiter, role);
    }

    private Chain create(TaskMirror waiter, String role) {
        ChainKey identity = key.copy();
        ChainText text = new ChainText(role, waiter);
        TaskMirror last = follow(waiter, text);
        Chain chain = text.endingAt(last, waiter.wantedLock().lockClass());
        chains.put(identity, chain);
        onNewChain.accept(chain);
        return chain;
    }

    /// Walks the chain, into `key` or, where `text` is given, into words; returns the task at its end.
    private TaskMirror follow(TaskMirror waiter, @Nullable ChainText text) {
        TaskMirror last = waiter;
        behind = null;
        linkCount = 0;
        while (last.isWaiting() && linkCount < MAX_LINKS) {
            blockers.find(last);
            links[linkCount++] = last.wantedLock();
            TaskMirror next = blockers.holder() != null ? blockers.holder() : blockers.ahead();
            if (next == null) {
                break;
            }
            record(last, text);
            behind = behind == null ? next : behind;
            boolean lockIsFree = blockers.holder() == null;
            last = next;
            if (lockIsFree || next == waiter) {
                break;
            }
        }
        end = last;
        return last;
    }

    /// The task that directly blocks the last waiter asked about, or null.
    @Nullable TaskMirror behind() {
        return behind;
    }

    /// The task at the end of its chain: the waiter itself if no task blocks it.
    @Nullable TaskMirror end() {
        return end;
    }

    /// Fills in the locks of its chain, and returns their number.
    int copyLinks(TracedLock[] into) {
        System.arraycopy(links, 0, into, 0, linkCount);
        return linkCount;
    }

    private void record(TaskMirror waiter, @Nullable ChainText text) {
        if (text != null) {
            text.link(waiter, blockers);
            return;
        }
        key.add(lockIdentity(waiter));
        key.add(identity(blockers.ahead()));
        key.add(identity(blockers.holder()));
        key.add(blockers.holder() == null ? -1 : blockers.holderMode().ordinal());
    }

    private long lockIdentity(TaskMirror waiter) {
        TracedLock lock = waiter.wantedLock();
        return ((long) lockNameId(lock) << 16) | (lock.lockClass().ordinal() << 8) | waiter.wantedMode().ordinal();
    }

    private static long identity(@Nullable TaskMirror task) {
        return task == null ? -1 : (long) task.family().id() << 32 | task.prio();
    }

    /// Only user-space mutexes are distinguished by name; kernel locks of one class are alike.
    private int lockNameId(TracedLock lock) {
        if (lock.lockClass() != LockClass.FUTEX) {
            return 0;
        }
        return lockNames.computeIfAbsent(FamilyName.of(lock.name()), name -> lockNames.size() + 1);
    }
}
