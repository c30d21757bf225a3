package io.janklab.allocator.arena;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Extents by age and address, oldest and lowest first: jemalloc 5.3.0's pairing heap (`ph.h`) through the extents' own links. An
/// extent is in at most one.
///
/// Extents added since the last merge wait on a list behind the root. **Caveat**, faithfully kept because it decides which slab is used
/// next: if the root is removed while others wait, the first of those becomes the root though it need not be the least; an extent added
/// then that precedes it adopts the whole list, and may be removed before an older one.
final class EdataHeap {
    private @Nullable Edata root;
    /// Extents added since the last merge; some may have left again.
    private int added;

    boolean isEmpty() {
        return root == null;
    }

    /// The oldest, lowest extent, or null.
    @Nullable Edata first() {
        if (root != null) {
            mergeAdded(root);
        }
        return root;
    }

    void insert(Edata node) {
        node.heapPrevious = null;
        node.heapNext = null;
        node.heapChild = null;
        if (root == null) {
            root = node;
        } else if (node.precedes(root)) {
            node.heapChild = root;
            root.heapPrevious = node;
            root = node;
            added = 0;
            return;
        } else {
            added++;
            linkBehind(root, node);
        }
        mergeSomeAdded(root);
    }

    /// After the n-th addition, as many pairs of the most recent ones are merged as n − 1 has trailing zeros: the list stays logarithmic.
    private void mergeSomeAdded(Edata top) {
        int merges = added > 1 ? Integer.numberOfTrailingZeros(added - 1) : 0;
        for (int i = 0; i < merges; i++) {
            Edata first = top.heapNext;
            Edata second = first == null ? null : first.heapNext;
            if (first == null || second == null) {
                return;
            }
            Edata rest = second.heapNext;
            top.heapNext = rest;
            if (rest != null) {
                rest.heapPrevious = top;
            }
            linkBehind(top, meld(detach(first), detach(second)));
        }
    }

    private static void linkBehind(Edata left, Edata node) {
        node.heapNext = left.heapNext;
        if (left.heapNext != null) {
            left.heapNext.heapPrevious = node;
        }
        node.heapPrevious = left;
        left.heapNext = node;
    }

    private void mergeAdded(Edata top) {
        added = 0;
        Edata waiting = top.heapNext;
        if (waiting != null) {
            root = meld(detach(top), meldSiblings(waiting));
        }
    }

    @Nullable Edata removeFirst() {
        Edata first = first();
        if (first != null) {
            root = meldChildren(first);
        }
        return first;
    }

    void remove(Edata node) {
        if (node == root) {
            if (node.heapChild == null) {
                root = node.heapNext;
                return;
            }
            mergeAdded(node);
            if (node == root) {
                root = meldChildren(node);
                return;
            }
        }
        Edata left = Objects.requireNonNull(node.heapPrevious);
        Edata right = node.heapNext;
        Edata replacement = meldChildren(node);
        Edata next = replacement == null ? right : replacement;
        if (left.heapChild == node) {
            left.heapChild = next;
        } else {
            left.heapNext = next;
        }
        if (replacement != null) {
            replacement.heapPrevious = left;
            replacement.heapNext = right;
        }
        if (right != null) {
            right.heapPrevious = replacement == null ? left : replacement;
        }
    }

    private static @Nullable Edata meldChildren(Edata node) {
        return node.heapChild == null ? null : meldSiblings(node.heapChild);
    }

    /// Melds a list of siblings: pairs from the left into a queue, then the first two of the queue, the result to its end, until one
    /// is left.
    private static Edata meldSiblings(Edata first) {
        Edata head = null;
        Edata tail = null;
        Edata next = first;
        while (next != null) {
            Edata a = next;
            Edata b = a.heapNext;
            next = b == null ? null : b.heapNext;
            Edata pair = b == null ? detach(a) : meld(detach(a), detach(b));
            if (tail == null) {
                head = pair;
            } else {
                tail.heapNext = pair;
            }
            tail = pair;
        }
        while (head != null && tail != null && head != tail) {
            Edata a = head;
            Edata b = Objects.requireNonNull(a.heapNext);
            head = b.heapNext;
            Edata melded = meld(detach(a), detach(b));
            if (head == null) {
                return melded;
            }
            tail.heapNext = melded;
            tail = melded;
        }
        return Objects.requireNonNull(head);
    }

    private static Edata detach(Edata node) {
        node.heapPrevious = null;
        node.heapNext = null;
        return node;
    }

    /// Makes the later of two roots the first child of the other.
    private static Edata meld(Edata a, Edata b) {
        Edata parent = a.precedes(b) ? a : b;
        Edata child = parent == a ? b : a;
        child.heapPrevious = parent;
        child.heapNext = parent.heapChild;
        if (parent.heapChild != null) {
            parent.heapChild.heapPrevious = child;
        }
        parent.heapChild = child;
        return parent;
    }

    /// The number of extents; for checks.
    int count() {
        return count(root);
    }

    private static int count(@Nullable Edata first) {
        int count = 0;
        for (Edata node = first; node != null; node = node.heapNext) {
            count += 1 + count(node.heapChild);
        }
        return count;
    }
}
