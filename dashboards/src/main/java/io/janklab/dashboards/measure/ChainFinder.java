package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TracedLock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Follows a wait to the task that everybody waits for: UI → queued writer → preempted reader → what that one waits for → ….
final class ChainFinder {
    /// Longer chains, and circles, end here.
    private static final int MAX_LINKS = 6;

    private final Blockers blockers;
    private final Map<ChainKey, Chain> chains = new HashMap<>();
    private final Map<String, Integer> lockNames = new HashMap<>();
    private final ChainKey key = new ChainKey();
    private Consumer<Chain> onNewChain = chain -> {};

    ChainFinder(TaskTable tasks) {
        this.blockers = new Blockers(tasks);
    }

    void onNewChain(Consumer<Chain> listener) {
        chains.values().forEach(listener);
        onNewChain = listener;
    }

    Inversion inversion() {
        return new Inversion(chains.values().stream().map(Chain::total).toList());
    }

    /// The chain in which `waiter`, known as `role`, waits now.
    Chain find(TaskMirror waiter, String role) {
        key.clear();
        key.add((long) role.hashCode() << 32 | waiter.prio());
        key.add(lockIdentity(waiter));
        follow(waiter, null);
        Chain known = chains.get(key);
        return known != null ? known : create(waiter, role);
    }

    private Chain create(TaskMirror waiter, String role) {
        ChainKey identity = key.copy();
        ChainText text = new ChainText(role, waiter);
        follow(waiter, text);
        Chain chain = text.toChain(waiter.wantedLock().lockClass());
        chains.put(identity, chain);
        onNewChain.accept(chain);
        return chain;
    }

    /// Walks the chain, into `key` or, where `text` is given, into words.
    private void follow(TaskMirror waiter, ChainText text) {
        TaskMirror last = waiter;
        int links = 0;
        while (last.isWaiting() && links < MAX_LINKS) {
            blockers.find(last);
            TaskMirror next = blockers.holder() != null ? blockers.holder() : blockers.ahead();
            if (next == null) {
                break;
            }
            record(last, text);
            links++;
            boolean lockIsFree = blockers.holder() == null;
            last = next;
            if (lockIsFree || next == waiter) {
                break;
            }
        }
        HolderActivity activity = HolderActivity.of(last.state());
        if (text == null) {
            key.add(activity.ordinal());
        } else {
            text.end(activity);
        }
    }

    private void record(TaskMirror waiter, ChainText text) {
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

    private static long identity(TaskMirror task) {
        return task == null ? -1 : (long) task.family().id() << 32 | task.prio();
    }

    /// Only user-space mutexes are told apart by name; kernel locks of one class are alike.
    private int lockNameId(TracedLock lock) {
        if (lock.lockClass() != LockClass.FUTEX) {
            return 0;
        }
        return lockNames.computeIfAbsent(FamilyName.of(lock.name()), name -> lockNames.size() + 1);
    }
}
