package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The VMAs of an address space in order of address, with the gaps between them (Linux's maple tree).
///
/// Two levels: leaves of up to 64 VMAs in order, and a directory of leaves. Finding is two binary searches; inserting moves at most a
/// leaf and, rarely, the directory. The directory knows the largest gap at each leaf, recomputed when next asked for.
public final class VmaTree {
    private static final int LEAF_CAPACITY = 64;
    private static final long NOT_KNOWN = -1;

    // The directory: parallel arrays in order of address.
    private Leaf[] leaves = new Leaf[4];
    private long[] firstStarts = new long[4];
    /// The largest gap just above any VMA of the leaf, or NOT_KNOWN.
    private long[] largestGaps = new long[4];
    private int leafCount;
    private int size;

    private final Interleaving interleaving;
    /// The address space's number.
    private final int id;
    /// `call_rcu`.
    private final Consumer<Runnable> afterGracePeriod;

    VmaTree() {
        this(Interleaving.NONE, 0, Runnable::run);
    }

    VmaTree(Interleaving interleaving, int id, Consumer<Runnable> afterGracePeriod) {
        this.interleaving = interleaving;
        this.id = id;
        this.afterGracePeriod = afterGracePeriod;
    }

    /// A walk that remembers the node it stands in from one step to the next (`struct vma_iterator`): that must not be freed meanwhile.
    public final class Walk {
        private @Nullable Leaf node;

        /// As [VmaTree#find].
        ///
        /// @throws KernelRuleBroken if the node it stood in has been freed
        public @Nullable Vma find(long address) {
            reading();
            if (node != null && node.freed) {
                throw new KernelRuleBroken("kernel bug: a node of the VMA tree is used after it was freed");
            }
            leave();
            Vma vma = VmaTree.this.find(address);
            if (vma != null) {
                node = leaves[floorLeaf(vma.start())];
                node.walks++;
            }
            return vma;
        }

        /// Stands nowhere any more.
        public void leave() {
            if (node != null) {
                node.walks--;
                node = null;
            }
        }
    }

    private static final class Leaf {
        final Vma[] vmas = new Vma[LEAF_CAPACITY];
        final long[] starts = new long[LEAF_CAPACITY];
        int count;
        /// How many [Walk]s stand in it.
        int walks;
        boolean freed;

        Leaf copy() {
            Leaf copy = new Leaf();
            System.arraycopy(vmas, 0, copy.vmas, 0, count);
            System.arraycopy(starts, 0, copy.starts, 0, count);
            copy.count = count;
            return copy;
        }

        /// The last position whose VMA starts at or below `address`, or −1.
        int floor(long address) {
            return VmaTree.floor(starts, count, address);
        }

        void insert(int at, Vma vma) {
            System.arraycopy(vmas, at, vmas, at + 1, count - at);
            System.arraycopy(starts, at, starts, at + 1, count - at);
            vmas[at] = vma;
            starts[at] = vma.start();
            count++;
        }

        void remove(int at) {
            count--;
            System.arraycopy(vmas, at + 1, vmas, at, count - at);
            System.arraycopy(starts, at + 1, starts, at, count - at);
            vmas[count] = null;
        }

        /// Moves the upper half into a new leaf.
        Leaf split() {
            Leaf upper = new Leaf();
            int half = count / 2;
            upper.count = count - half;
            System.arraycopy(vmas, half, upper.vmas, 0, upper.count);
            System.arraycopy(starts, half, upper.starts, 0, upper.count);
            Arrays.fill(vmas, half, count, null);
            count = half;
            return upper;
        }
    }

    /// The last of the first `count` sorted values that is at most `address`, or −1.
    private static int floor(long[] sorted, int count, long address) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /// Each lookup in the tree, of whatever kind, is one access to it.
    private void reading() {
        Interleaving.read(interleaving, Shared.VMA_TREE, id, this);
    }

    public int size() {
        reading();
        return size;
    }

    /// The last leaf that starts at or below `address`, or −1.
    private int floorLeaf(long address) {
        return floor(firstStarts, leafCount, address);
    }

    private @Nullable Vma floor(long address) {
        int at = floorLeaf(address);
        return at < 0 ? null : leaves[at].vmas[leaves[at].floor(address)];
    }

    /// The VMA that contains `address`, or null (`vma_lookup`).
    public @Nullable Vma lookup(long address) {
        reading();
        Vma floor = floor(address);
        return floor != null && address < floor.end() ? floor : null;
    }

    /// The first VMA that ends above `address`, or null (`find_vma`).
    public @Nullable Vma find(long address) {
        reading();
        Vma floor = floor(address);
        return floor != null && address < floor.end() ? floor : firstAbove(address);
    }

    /// The first VMA that overlaps `[start, end)`, which may be empty, or null (`find_vma_intersection`).
    public @Nullable Vma findIntersection(long start, long end) {
        Vma vma = find(start);
        return vma != null && vma.start() < end && start < end ? vma : null;
    }

    /// The lowest VMA, or null.
    public @Nullable Vma first() {
        reading();
        return leafCount == 0 ? null : leaves[0].vmas[0];
    }

    /// The VMA after `vma`, or null.
    public @Nullable Vma next(Vma vma) {
        reading();
        return firstAbove(vma.start());
    }

    /// The VMA before `vma`, or null.
    public @Nullable Vma prev(Vma vma) {
        return below(vma.start());
    }

    /// The last VMA that starts below `address`, or null.
    public @Nullable Vma below(long address) {
        reading();
        return floor(address - 1);
    }

    /// The first VMA that starts above `address`, or null.
    private @Nullable Vma firstAbove(long address) {
        int at = floorLeaf(address);
        if (at >= 0) {
            Leaf leaf = leaves[at];
            int position = leaf.floor(address) + 1;
            if (position < leaf.count) {
                return leaf.vmas[position];
            }
        }
        return at + 1 < leafCount ? leaves[at + 1].vmas[0] : null;
    }

    /// Several changes that others see as one, up to [#endStore]: Linux stores a range of its tree in one go (`vma_iter_store`).
    public void beginStore() {
        Interleaving.beginAtomic(interleaving, Shared.VMA_TREE, id, this);
    }

    public void endStore() {
        Interleaving.endAtomic(interleaving);
    }

    /// Adds a VMA that overlaps no other.
    public void insert(Vma vma) {
        Interleaving.write(interleaving, Shared.VMA_TREE, id, this);
        if (leafCount == 0) {
            addLeaf(0, new Leaf());
        }
        int at = Math.max(floorLeaf(vma.start()), 0);
        if (leaves[at].count == LEAF_CAPACITY) {
            addLeaf(at + 1, leaves[at].split());
            at = Math.max(floorLeaf(vma.start()), 0);
        }
        Leaf leaf = leaves[at];
        leaf.insert(leaf.floor(vma.start()) + 1, vma);
        changed(at);
        size++;
    }

    public void remove(Vma vma) {
        Interleaving.write(interleaving, Shared.VMA_TREE, id, this);
        int at = floorLeaf(vma.start());
        Leaf leaf = leaves[at];
        int position = leaf.floor(vma.start());
        if (leaf.vmas[position] != vma) {
            throw new KernelRuleBroken("kernel bug: VMA " + vma + " is not in its tree");
        }
        leaf.remove(position);
        changed(at);
        if (leaf.count == 0) {
            removeLeaf(at);
        }
        size--;
    }

    /// Moves the bounds of a VMA in the tree; they must not pass a neighbour's.
    public void setBounds(Vma vma, long start, long end) {
        Interleaving.write(interleaving, Shared.VMA_TREE, id, this);
        int at = floorLeaf(vma.start());
        if (leaves[at].walks > 0 && closesGap(vma, start)) {
            replaceNode(at);
        }
        Leaf leaf = leaves[at];
        leaf.starts[leaf.floor(vma.start())] = start;
        vma.setBounds(start, end);
        changed(at);
    }

    /// The entry for the gap below it goes, so that its node must be written anew; the bounds alone are changed in place.
    private boolean closesGap(Vma vma, long start) {
        Vma below = floor(vma.start() - 1);
        return below != null && below.end() < vma.start() && below.end() == start;
    }

    /// By a copy; the node itself is freed after a grace period (`mas_free`), for walks that rely on RCU.
    private void replaceNode(int at) {
        Leaf old = leaves[at];
        leaves[at] = old.copy();
        afterGracePeriod.accept(() -> {
            Interleaving.note(interleaving, Shared.VMA_TREE, id, true);
            old.freed = true;
        });
    }

    /// A leaf changed, and with it perhaps the gap between the one before it and itself.
    private void changed(int at) {
        firstStarts[at] = leaves[at].starts[0];
        largestGaps[at] = NOT_KNOWN;
        if (at > 0) {
            largestGaps[at - 1] = NOT_KNOWN;
        }
    }

    private void addLeaf(int at, Leaf leaf) {
        if (leafCount == leaves.length) {
            leaves = Arrays.copyOf(leaves, leafCount * 2);
            firstStarts = Arrays.copyOf(firstStarts, leafCount * 2);
            largestGaps = Arrays.copyOf(largestGaps, leafCount * 2);
        }
        moveLeaves(at, at + 1, leafCount - at);
        leaves[at] = leaf;
        leafCount++;
        changed(at);
    }

    private void removeLeaf(int at) {
        leafCount--;
        moveLeaves(at + 1, at, leafCount - at);
        leaves[leafCount] = null;
    }

    private void moveLeaves(int from, int to, int count) {
        System.arraycopy(leaves, from, leaves, to, count);
        System.arraycopy(firstStarts, from, firstStarts, to, count);
        System.arraycopy(largestGaps, from, largestGaps, to, count);
    }

    /// The highest address at which `length` bytes fit between `low` and `high`, or −1 (`vm_unmapped_area`, top-down).
    public long highestGap(long length, long low, long high) {
        reading();
        for (int at = leafCount - 1; at >= 0; at--) {
            if (largestGap(at) >= length) {
                long address = highestGapAt(at, length, low, high);
                if (address >= 0) {
                    return address;
                }
            }
        }
        return fit(length, low, leafCount == 0 ? high : Math.min(high, firstStarts[0]));
    }

    private long highestGapAt(int at, long length, long low, long high) {
        Leaf leaf = leaves[at];
        for (int i = leaf.count - 1; i >= 0; i--) {
            long address = fit(length, Math.max(low, leaf.vmas[i].end()), Math.min(high, startAfter(at, i)));
            if (address >= 0) {
                return address;
            }
        }
        return -1;
    }

    private static long fit(long length, long from, long to) {
        return to - from >= length ? to - length : -1;
    }

    private long largestGap(int at) {
        if (largestGaps[at] == NOT_KNOWN) {
            Leaf leaf = leaves[at];
            long largest = 0;
            for (int i = 0; i < leaf.count; i++) {
                largest = Math.max(largest, startAfter(at, i) - leaf.vmas[i].end());
            }
            largestGaps[at] = largest;
        }
        return largestGaps[at];
    }

    /// Where the VMA after the `i`-th of a leaf starts.
    private long startAfter(int at, int i) {
        if (i + 1 < leaves[at].count) {
            return leaves[at].starts[i + 1];
        }
        return at + 1 < leafCount ? firstStarts[at + 1] : Long.MAX_VALUE;
    }

    /// Every VMA in order; a copy, for observers.
    public List<Vma> list() {
        reading();
        List<Vma> all = new ArrayList<>(size);
        for (int at = 0; at < leafCount; at++) {
            all.addAll(Arrays.asList(leaves[at].vmas).subList(0, leaves[at].count));
        }
        return all;
    }
}
