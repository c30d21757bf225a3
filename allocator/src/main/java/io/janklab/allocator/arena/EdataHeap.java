package io.janklab.allocator.arena;

/// Extents by age and address, oldest and lowest first: jemalloc 5.3.0's pairing heap (`ph.h`) through the extents' own links. An
/// extent is in at most one.
///
/// Extents added since the last merge wait on a list behind the root. **Caveat**, faithfully kept because it decides which slab is used
/// next: if the root is removed while others wait, the first of those becomes the root though it need not be the least; an extent added
/// then that precedes it adopts the whole list, and may be removed before an older one.
final class EdataHeap {
    private Edata root;
    /// Extents added since the last merge; some may have left again.
    private int added;

    boolean isEmpty() {
        return root == null;
    }

    /// The oldest, lowest extent, or null.
    Edata first() {
        if (root != null) {
            mergeAdded();
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
        mergeSomeAdded();
    }

    /// After the n-th addition, as many pairs of the most recent ones are merged as n − 1 has trailing zeros: the list stays logarithmic.
    private void mergeSomeAdded() {
        int merges = added > 1 ? Integer.numberOfTrailingZeros(added - 1) : 0;
        for (int i = 0; i < merges; i++) {
            Edata first = root.heapNext;
            Edata second = first == null ? null : first.heapNext;
            if (second == null) {
                return;
            }
            Edata rest = second.heapNext;
            root.heapNext = rest;
            if (rest != null) {
                rest.heapPrevious = root;
            }
            linkBehind(root, meld(detach(first), detach(second)));
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

    private void mergeAdded() {
        added = 0;
        Edata waiting = root.heapNext;
        if (waiting != null) {
            root = meld(detach(root), meldSiblings(waiting));
        }
    }

    Edata removeFirst() {
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
            mergeAdded();
            if (node == root) {
                root = meldChildren(node);
                return;
            }
        }
        Edata left = node.heapPrevious;
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

    private static Edata meldChildren(Edata node) {
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
            if (head == null) {
                head = pair;
            } else {
                tail.heapNext = pair;
            }
            tail = pair;
        }
        while (head != tail) {
            Edata a = head;
            Edata b = a.heapNext;
            head = b.heapNext;
            Edata melded = meld(detach(a), detach(b));
            if (head == null) {
                return melded;
            }
            tail.heapNext = melded;
            tail = melded;
        }
        return head;
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

    private static int count(Edata first) {
        int count = 0;
        for (Edata node = first; node != null; node = node.heapNext) {
            count += 1 + count(node.heapChild);
        }
        return count;
    }
}
