package io.janklab.allocator.arena;

/// Extents by age and address, oldest and lowest first: a pairing heap through the extents' own links (`ph.h`). An extent is in at
/// most one.
final class EdataHeap {
    private Edata root;

    boolean isEmpty() {
        return root == null;
    }

    /// The oldest, lowest extent, or null.
    Edata first() {
        return root;
    }

    void insert(Edata node) {
        node.heapChild = null;
        root = meld(root, node);
    }

    Edata removeFirst() {
        Edata first = root;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    void remove(Edata node) {
        Edata children = meldPairs(node.heapChild);
        if (node == root) {
            root = children;
        } else {
            unlink(node);
            root = meld(root, children);
        }
        node.heapChild = null;
        node.heapParent = null;
        node.heapNext = null;
    }

    /// Takes a node other than the root out of its siblings. A first child's `heapParent` is its parent, a later one's its left sibling.
    private static void unlink(Edata node) {
        Edata left = node.heapParent;
        if (left.heapChild == node) {
            left.heapChild = node.heapNext;
        } else {
            left.heapNext = node.heapNext;
        }
        if (node.heapNext != null) {
            node.heapNext.heapParent = left;
        }
    }

    private static Edata meld(Edata a, Edata b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return b.precedes(a) ? adopt(b, a) : adopt(a, b);
    }

    private static Edata adopt(Edata parent, Edata child) {
        child.heapNext = parent.heapChild;
        if (child.heapNext != null) {
            child.heapNext.heapParent = child;
        }
        child.heapParent = parent;
        parent.heapChild = child;
        parent.heapNext = null;
        parent.heapParent = null;
        return parent;
    }

    /// Melds siblings two by two from the left, then the results from the right.
    private static Edata meldPairs(Edata first) {
        Edata pairs = null;
        Edata next = first;
        while (next != null) {
            Edata a = detach(next);
            next = a.heapNext;
            a.heapNext = null;
            Edata b = next;
            if (b != null) {
                next = b.heapNext;
                detach(b).heapNext = null;
            }
            Edata pair = meld(a, b);
            pair.heapNext = pairs;
            pairs = pair;
        }
        Edata result = null;
        while (pairs != null) {
            Edata rest = pairs.heapNext;
            pairs.heapNext = null;
            result = meld(result, pairs);
            pairs = rest;
        }
        return result;
    }

    /// How many extents are in; for checks.
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

    private static Edata detach(Edata node) {
        node.heapParent = null;
        return node;
    }
}
