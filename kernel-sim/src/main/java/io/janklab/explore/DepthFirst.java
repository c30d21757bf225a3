package io.janklab.explore;

import java.util.ArrayList;
import java.util.List;

/// Every schedule there is, but for those equal to one that has been run: two are equal if they differ only in the order of steps that do
/// not conflict.
///
/// Dynamic partial-order reduction by source sets (Abdulla, Aronsson, Jonsson and Sagonas, "Source sets: a foundation for optimal dynamic
/// partial order reduction", J. ACM 2017) with sleep sets (Godefroid 1996). It relies on each access to shared state being told.
final class DepthFirst implements Chooser {
    private final List<Node> path = new ArrayList<>();
    /// A task that has made so many steps in a row is taken to wait for somebody.
    private static final int PATIENCE = 400;

    private int depth;
    private int inARow;
    private boolean exhausted;

    /// One state on the way of the present run.
    private static final class Node {
        final long enabled;
        /// Who would only repeat a run from here, and what each would access.
        long asleep;
        final long[][] accesses = new long[Long.SIZE][];
        long wanted;
        int chosen;

        Node(long enabled) {
            this.enabled = enabled;
        }
    }

    /// Whether there is no other schedule left.
    boolean isExhausted() {
        return exhausted;
    }

    void beginRun() {
        depth = 0;
        inARow = 0;
    }

    @Override
    public int choose(Execution execution, long enabled, int current) {
        if (depth == path.size()) {
            Node node = new Node(enabled);
            inherit(node, execution);
            long awake = enabled & ~node.asleep;
            if (awake == 0) {
                return REDUNDANT;
            }
            boolean tired = inARow >= PATIENCE && (awake & ~Bits.of(current)) != 0;
            node.chosen = Chooser.onward(execution, tired ? awake & ~Bits.of(current) : awake, current);
            node.wanted = Bits.of(node.chosen);
            path.add(node);
        }
        Node node = path.get(depth++);
        if (!Bits.contains(enabled, node.chosen)) {
            throw new IllegalStateException("the same schedule led to another state at step " + depth);
        }
        inARow = node.chosen == current ? inARow + 1 : 0;
        return node.chosen;
    }

    /// Who sleeps before the last step sleeps after it, unless the two conflict.
    private void inherit(Node node, Execution execution) {
        if (depth == 0) {
            return;
        }
        Node parent = path.get(depth - 1);
        for (long rest = parent.asleep & ~Bits.of(parent.chosen); rest != 0; rest &= rest - 1) {
            int actor = Long.numberOfTrailingZeros(rest);
            if (!execution.conflicts().accesses().conflictsWithLast(parent.accesses[actor])) {
                node.asleep |= Bits.of(actor);
                node.accesses[actor] = parent.accesses[actor];
            }
        }
    }

    /// The run has ended: notes which other choices could make a difference, and goes back to the last state that has one.
    void endRun(Execution execution) {
        AccessLog log = execution.conflicts().accesses();
        int steps = Math.min(log.steps(), path.size());
        HappensBefore order = new HappensBefore(steps, execution.actors());
        order.find(log, execution.conflicts().enabledBy(), execution.conflicts().width(), (earlier, later) -> want(order, earlier, later));
        while (!path.isEmpty()) {
            int last = path.size() - 1;
            Node node = path.get(last);
            node.accesses[node.chosen] = last < log.steps() ? log.of(last) : new long[0];
            node.asleep |= Bits.of(node.chosen);
            long next = node.wanted & ~node.asleep;
            if (next != 0) {
                node.chosen = Long.numberOfTrailingZeros(next);
                return;
            }
            path.removeLast();
        }
        exhausted = true;
    }

    private void want(HappensBefore order, int earlier, int later) {
        Node node = path.get(earlier);
        long initials = order.initials(earlier, later) & node.enabled;
        if (initials == 0) {
            node.wanted |= node.enabled;
        } else if ((initials & node.wanted) == 0) {
            node.wanted |= Long.lowestOneBit(initials);
        }
    }
}
