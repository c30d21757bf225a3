package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The VMAs of one anon_vma by page offset (Linux `mm/interval_tree.c`): all that cover an offset are found without visiting the rest.
///
/// A treap whose nodes know the highest offset below them. After fork or mremap several VMAs may cover the same offset; of those that begin
/// at the same one, later ones come behind. Thus a walk meets the source of a page's move before its destination.
final class AnonVmaTree {
    private @Nullable Node root;
    private int size;
    private int inserted;

    private static final class Node {
        final Vma vma;
        final int priority;
        Node left;
        Node right;
        /// First page offset beyond every VMA in this subtree.
        long highest;

        Node(Vma vma, int priority) {
            this.vma = vma;
            this.priority = priority;
            update();
        }

        void update() {
            highest = end(vma);
            highest = left == null ? highest : Math.max(highest, left.highest);
            highest = right == null ? highest : Math.max(highest, right.highest);
        }
    }

    private static long end(Vma vma) {
        return vma.pgoff() + vma.pages();
    }

    int size() {
        return size;
    }

    boolean contains(Vma vma) {
        return contains(root, vma);
    }

    private static boolean contains(@Nullable Node tree, Vma vma) {
        if (tree == null || tree.vma == vma) {
            return tree != null;
        }
        int side = Long.compare(vma.pgoff(), tree.vma.pgoff());
        return (side <= 0 && contains(tree.left, vma)) || (side >= 0 && contains(tree.right, vma));
    }

    void insert(Vma vma) {
        // Priorities need only look random: a multiplicative hash of the insertion's number.
        root = insert(root, new Node(vma, ++inserted * 0x9E3779B9));
        size++;
    }

    private static Node insert(@Nullable Node tree, Node added) {
        if (tree == null) {
            return added;
        }
        if (added.vma.pgoff() < tree.vma.pgoff()) {
            tree.left = insert(tree.left, added);
            tree = tree.left.priority > tree.priority ? rotateRight(tree) : tree;
        } else {
            tree.right = insert(tree.right, added);
            tree = tree.right.priority > tree.priority ? rotateLeft(tree) : tree;
        }
        tree.update();
        return tree;
    }

    private static Node rotateRight(Node tree) {
        Node top = tree.left;
        tree.left = top.right;
        top.right = tree;
        tree.update();
        return top;
    }

    private static Node rotateLeft(Node tree) {
        Node top = tree.right;
        tree.right = top.left;
        top.left = tree;
        tree.update();
        return top;
    }

    /// Removes a VMA; its bounds must not have changed since it was inserted.
    void remove(Vma vma) {
        if (!contains(vma)) {
            throw new KernelRuleBroken("kernel bug: VMA " + vma + " is not on its anon_vma");
        }
        root = remove(root, vma);
        size--;
    }

    private static Node remove(@Nullable Node tree, Vma vma) {
        if (Objects.requireNonNull(tree).vma == vma) {
            return join(tree.left, tree.right);
        }
        int side = Long.compare(vma.pgoff(), tree.vma.pgoff());
        if (side < 0 || (side == 0 && contains(tree.left, vma))) {
            tree.left = remove(tree.left, vma);
        } else {
            tree.right = remove(tree.right, vma);
        }
        tree.update();
        return tree;
    }

    private static Node join(Node lower, Node upper) {
        if (lower == null || upper == null) {
            return lower == null ? upper : lower;
        }
        Node top = lower.priority > upper.priority ? lower : upper;
        if (top == lower) {
            lower.right = join(lower.right, upper);
        } else {
            upper.left = join(lower, upper.left);
        }
        top.update();
        return top;
    }

    /// Every VMA that covers page offset `index`, in order (`anon_vma_interval_tree_foreach`).
    void forEach(long index, Consumer<Vma> visitor) {
        forEach(root, index, visitor);
    }

    private static void forEach(@Nullable Node tree, long index, Consumer<Vma> visitor) {
        if (tree == null || index >= tree.highest) {
            return;
        }
        forEach(tree.left, index, visitor);
        if (index >= tree.vma.pgoff()) {
            if (index < end(tree.vma)) {
                visitor.accept(tree.vma);
            }
            forEach(tree.right, index, visitor);
        }
    }
}
