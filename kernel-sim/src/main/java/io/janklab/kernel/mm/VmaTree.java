package io.janklab.kernel.mm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The VMAs of an address space in order of address, with the gaps between them (Linux's maple tree).
///
/// Two levels: leaves of up to 64 VMAs in order, and an array of leaves. Finding is two binary searches; inserting moves at most a
/// leaf and, rarely, the array of leaves. Each leaf knows its largest gap, recomputed when next asked for.
public final class VmaTree {
    private static final int LEAF_CAPACITY = 64;
    private static final int NOT_KNOWN = -1;

    private final ArrayList<Leaf> leaves = new ArrayList<>();
    private int size;

    private static final class Leaf {
        final Vma[] vmas = new Vma[LEAF_CAPACITY];
        final long[] starts = new long[LEAF_CAPACITY];
        int count;
        /// The largest hole between two of its VMAs, or NOT_KNOWN.
        long largestGap = NOT_KNOWN;

        Vma last() {
            return vmas[count - 1];
        }

        /// The last position whose VMA starts at or below `address`, or −1.
        int floor(long address) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = low + high >>> 1;
                if (starts[middle] <= address) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
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
            largestGap = NOT_KNOWN;
            return upper;
        }
    }

    public int size() {
        return size;
    }

    /// The index of the last leaf that starts at or below `address`, or −1.
    private int floorLeaf(long address) {
        int low = 0;
        int high = leaves.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (leaves.get(middle).starts[0] <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private Vma floor(long address) {
        int at = floorLeaf(address);
        if (at < 0) {
            return null;
        }
        Leaf leaf = leaves.get(at);
        return leaf.vmas[leaf.floor(address)];
    }

    /// The VMA that contains `address`, or null (`vma_lookup`).
    public Vma lookup(long address) {
        Vma floor = floor(address);
        return floor != null && address < floor.end() ? floor : null;
    }

    /// The first VMA that ends above `address`, or null (`find_vma`).
    public Vma find(long address) {
        Vma floor = floor(address);
        return floor != null && address < floor.end() ? floor : firstAbove(address);
    }

    /// The first VMA that overlaps `[start, end)`, or null (`find_vma_intersection`).
    public Vma findIntersection(long start, long end) {
        Vma vma = find(start);
        return vma != null && vma.start() < end ? vma : null;
    }

    /// The VMA after `vma`, or null.
    public Vma next(Vma vma) {
        return firstAbove(vma.start());
    }

    /// The VMA before `vma`, or null.
    public Vma prev(Vma vma) {
        return floor(vma.start() - 1);
    }

    /// The last VMA that starts below `address`, or null.
    public Vma below(long address) {
        return floor(address - 1);
    }

    public Vma first() {
        return leaves.isEmpty() ? null : leaves.getFirst().vmas[0];
    }

    /// The first VMA that starts above `address`, or null.
    private Vma firstAbove(long address) {
        int at = floorLeaf(address);
        if (at >= 0) {
            Leaf leaf = leaves.get(at);
            int position = leaf.floor(address) + 1;
            if (position < leaf.count) {
                return leaf.vmas[position];
            }
        }
        return at + 1 < leaves.size() ? leaves.get(at + 1).vmas[0] : null;
    }

    /// Adds a VMA that overlaps no other.
    void insert(Vma vma) {
        if (leaves.isEmpty()) {
            leaves.add(new Leaf());
        }
        int at = Math.max(floorLeaf(vma.start()), 0);
        if (leaves.get(at).count == LEAF_CAPACITY) {
            leaves.add(at + 1, leaves.get(at).split());
            at = Math.max(floorLeaf(vma.start()), 0);
        }
        Leaf leaf = leaves.get(at);
        leaf.insert(leaf.floor(vma.start()) + 1, vma);
        leaf.largestGap = NOT_KNOWN;
        size++;
    }

    void remove(Vma vma) {
        int at = floorLeaf(vma.start());
        Leaf leaf = leaves.get(at);
        int position = leaf.floor(vma.start());
        if (leaf.vmas[position] != vma) {
            throw new IllegalStateException("kernel bug: VMA " + vma + " is not in its tree");
        }
        leaf.remove(position);
        leaf.largestGap = NOT_KNOWN;
        if (leaf.count == 0) {
            leaves.remove(at);
        }
        size--;
    }

    /// Moves the bounds of a VMA in the tree; they must not pass a neighbour's.
    void setBounds(Vma vma, long start, long end) {
        int at = floorLeaf(vma.start());
        Leaf leaf = leaves.get(at);
        leaf.starts[leaf.floor(vma.start())] = start;
        vma.setBounds(start, end);
        leaf.largestGap = NOT_KNOWN;
    }

    /// The highest address at which `length` bytes fit between `low` and `high`, or −1 (`vm_unmapped_area`, top-down).
    long highestGap(long length, long low, long high) {
        long ceiling = Long.MAX_VALUE;
        for (int at = leaves.size() - 1; at >= -1; at--) {
            long floor = at >= 0 ? leaves.get(at).last().end() : 0;
            long address = fit(length, Math.max(low, floor), Math.min(high, ceiling));
            if (address < 0 && at >= 0 && largestGap(at) >= length) {
                address = highestGapWithin(leaves.get(at), length, low, high);
            }
            if (address >= 0 || at < 0) {
                return address;
            }
            ceiling = leaves.get(at).starts[0];
        }
        return -1;
    }

    private static long highestGapWithin(Leaf leaf, long length, long low, long high) {
        for (int i = leaf.count - 1; i > 0; i--) {
            long address = fit(length, Math.max(low, leaf.vmas[i - 1].end()), Math.min(high, leaf.starts[i]));
            if (address >= 0) {
                return address;
            }
        }
        return -1;
    }

    private static long fit(long length, long from, long to) {
        return to - from >= length ? to - length : -1;
    }

    /// The largest hole between two VMAs of one leaf.
    private long largestGap(int at) {
        Leaf leaf = leaves.get(at);
        if (leaf.largestGap == NOT_KNOWN) {
            long largest = 0;
            for (int i = 1; i < leaf.count; i++) {
                largest = Math.max(largest, leaf.starts[i] - leaf.vmas[i - 1].end());
            }
            leaf.largestGap = largest;
        }
        return leaf.largestGap;
    }

    /// Every VMA in order; a copy, for those who look on.
    public List<Vma> list() {
        List<Vma> all = new ArrayList<>(size);
        for (Leaf leaf : leaves) {
            for (int i = 0; i < leaf.count; i++) {
                all.add(leaf.vmas[i]);
            }
        }
        return all;
    }
}
