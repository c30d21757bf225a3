package io.janklab.kernel.mm.space;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Intervals by page offset (Linux `mm/interval_tree.c`): all that cover an offset are found without visiting the rest.
///
/// A treap whose nodes know the highest offset below them. Several may cover the same offset; of those that begin at the same one, later
/// ones come behind. Thus a walk meets the source of a page's move before its destination.
final class PageIntervalTree<T extends PageInterval> {
    private @Nullable Node<T> root;
    private int size;
    private int inserted;

    private static final class Node<T extends PageInterval> {
        final T interval;
        final int priority;
        Node<T> left;
        Node<T> right;
        /// First page offset beyond every interval in this subtree.
        long highest;

        Node(T interval, int priority) {
            this.interval = interval;
            this.priority = priority;
            update();
        }

        void update() {
            highest = end(interval);
            highest = left == null ? highest : Math.max(highest, left.highest);
            highest = right == null ? highest : Math.max(highest, right.highest);
        }
    }

    private static long end(PageInterval interval) {
        return interval.pgoff() + interval.pages();
    }

    int size() {
        return size;
    }

    boolean contains(T interval) {
        return contains(root, interval);
    }

    private static <T extends PageInterval> boolean contains(@Nullable Node<T> tree, T interval) {
        if (tree == null || tree.interval == interval) {
            return tree != null;
        }
        int side = Long.compare(interval.pgoff(), tree.interval.pgoff());
        return (side <= 0 && contains(tree.left, interval)) || (side >= 0 && contains(tree.right, interval));
    }

    void insert(T interval) {
        // Priorities need only look random: a multiplicative hash of the insertion's number.
        root = insert(root, new Node<>(interval, ++inserted * 0x9E3779B9));
        size++;
    }

    private static <T extends PageInterval> Node<T> insert(@Nullable Node<T> tree, Node<T> added) {
        if (tree == null) {
            return added;
        }
        if (added.interval.pgoff() < tree.interval.pgoff()) {
            tree.left = insert(tree.left, added);
            tree = tree.left.priority > tree.priority ? rotateRight(tree) : tree;
        } else {
            tree.right = insert(tree.right, added);
            tree = tree.right.priority > tree.priority ? rotateLeft(tree) : tree;
        }
        tree.update();
        return tree;
    }

    private static <T extends PageInterval> Node<T> rotateRight(Node<T> tree) {
        Node<T> top = tree.left;
        tree.left = top.right;
        top.right = tree;
        tree.update();
        return top;
    }

    private static <T extends PageInterval> Node<T> rotateLeft(Node<T> tree) {
        Node<T> top = tree.right;
        tree.right = top.left;
        top.left = tree;
        tree.update();
        return top;
    }

    /// Removes an interval; its bounds must not have changed since it was inserted.
    ///
    /// @return false if it is not here
    boolean remove(T interval) {
        if (!contains(interval)) {
            return false;
        }
        root = remove(root, interval);
        size--;
        return true;
    }

    private static <T extends PageInterval> Node<T> remove(@Nullable Node<T> tree, T interval) {
        if (Objects.requireNonNull(tree).interval == interval) {
            return join(tree.left, tree.right);
        }
        int side = Long.compare(interval.pgoff(), tree.interval.pgoff());
        if (side < 0 || (side == 0 && contains(tree.left, interval))) {
            tree.left = remove(tree.left, interval);
        } else {
            tree.right = remove(tree.right, interval);
        }
        tree.update();
        return tree;
    }

    private static <T extends PageInterval> Node<T> join(Node<T> lower, Node<T> upper) {
        if (lower == null || upper == null) {
            return lower == null ? upper : lower;
        }
        Node<T> top = lower.priority > upper.priority ? lower : upper;
        if (top == lower) {
            lower.right = join(lower.right, upper);
        } else {
            upper.left = join(lower, upper.left);
        }
        top.update();
        return top;
    }

    /// Every interval that covers page offset `index`, in order (`anon_vma_interval_tree_foreach`).
    void forEach(long index, Consumer<T> visitor) {
        forEach(root, index, visitor);
    }

    private static <T extends PageInterval> void forEach(@Nullable Node<T> tree, long index, Consumer<T> visitor) {
        if (tree == null || index >= tree.highest) {
            return;
        }
        forEach(tree.left, index, visitor);
        if (index >= tree.interval.pgoff()) {
            if (index < end(tree.interval)) {
                visitor.accept(tree.interval);
            }
            forEach(tree.right, index, visitor);
        }
    }
}
