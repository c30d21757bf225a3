package io.janklab.allocator.scudo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A region's free blocks by number, in groups of 1 MiB of addresses, lowest group first; in a group last in, first out, in batches
/// (`BatchGroup`, `TransferBatch`). Only the batch on top may be less than full, so a stack and its height suffice.
final class FreeList {
    /// Bytes (log2) of addresses a group covers (`GroupSizeLog`).
    static final int LG_GROUP = 20;
    static final long GROUP = 1L << LG_GROUP;
    /// Bytes of a batch's or a group's record: `TransferBatch` and `BatchGroup` rounded up to a block of class 0.
    private static final long RECORD_BYTES = 64;

    /// The free blocks of one group.
    static final class Group {
        /// Bytes from the region's start to the group's, over the group size.
        final int index;
        private int[] blocks = new int[2 * SizeClassMap.BATCH];
        private int count;
        /// Free bytes when its pages were last examined, or less since.
        long bytesAtLastCheckpoint;

        private Group(int index) {
            this.index = index;
        }

        int count() {
            return count;
        }

        int block(int i) {
            return blocks[i];
        }

        private void push(int[] source, int from, int length) {
            if (count + length > blocks.length) {
                blocks = Arrays.copyOf(blocks, Math.max(2 * blocks.length, count + length));
            }
            System.arraycopy(source, from, blocks, count, length);
            count += length;
        }

        private int pop(int[] out, int most) {
            int popped = Math.min(most, onTop());
            count -= popped;
            System.arraycopy(blocks, count, out, 0, popped);
            return popped;
        }

        /// Blocks in the batch on top.
        private int onTop() {
            int rest = count % SizeClassMap.BATCH;
            return rest == 0 ? SizeClassMap.BATCH : rest;
        }
    }

    private final long blockSize;
    private List<Group> groups = new ArrayList<>();
    private long blocks;

    FreeList(long blockSize) {
        this.blockSize = blockSize;
    }

    /// In order of address.
    List<Group> groups() {
        return groups;
    }

    long blocks() {
        return blocks;
    }

    int groupOf(int block) {
        return (int) ((block * blockSize) >>> LG_GROUP);
    }

    /// Adds `length` blocks from `source[from]` on, which are sorted by group (`pushBlocksImpl`).
    void push(int[] source, int from, int length) {
        int start = from;
        int end = from + length;
        while (start < end) {
            int index = groupOf(source[start]);
            int next = start + 1;
            while (next < end && groupOf(source[next]) == index) {
                next++;
            }
            group(index).push(source, start, next - start);
            start = next;
        }
        blocks += length;
    }

    private Group group(int index) {
        int at = 0;
        while (at < groups.size() && groups.get(at).index < index) {
            at++;
        }
        if (at == groups.size() || groups.get(at).index != index) {
            groups.add(at, new Group(index));
        }
        return groups.get(at);
    }

    /// Takes at most `most` blocks, all from one batch of the lowest group (`popBlocksImpl`).
    ///
    /// @return how many there were; 0 only if the list is empty
    int pop(int[] out, int most) {
        if (groups.isEmpty()) {
            return 0;
        }
        Group lowest = groups.getFirst();
        int popped = lowest.pop(out, most);
        if (lowest.count == 0) {
            groups.removeFirst();
        }
        blocks -= popped;
        return popped;
    }

    /// Removes groups, so that their blocks are not handed out while their pages are released.
    void remove(List<Group> taken) {
        groups.removeAll(taken);
        taken.forEach(group -> blocks -= group.count);
    }

    /// Puts them back, below what has been freed meanwhile (`mergeGroupsToReleaseBack`).
    void putBack(List<Group> taken) {
        List<Group> newer = groups;
        groups = new ArrayList<>(taken);
        taken.forEach(group -> blocks += group.count);
        for (Group group : newer) {
            Group merged = group(group.index);
            merged.push(group.blocks, 0, group.count);
        }
    }

    /// Bytes of batches and groups.
    long recordBytes() {
        long records = 0;
        for (Group group : groups) {
            records += 1 + (group.count + SizeClassMap.BATCH - 1) / SizeClassMap.BATCH;
        }
        return records * RECORD_BYTES;
    }
}
