package io.janklab.allocator.arena;

import org.jspecify.annotations.Nullable;

/// Extents in the order they were added, the oldest first, through the extents' own links. An extent is on at most one.
final class EdataList {
    private @Nullable Edata first;
    private @Nullable Edata last;

    @Nullable Edata first() {
        return first;
    }

    void append(Edata node) {
        node.listPrevious = last;
        node.listNext = null;
        if (last == null) {
            first = node;
        } else {
            last.listNext = node;
        }
        last = node;
    }

    void remove(Edata node) {
        if (node.listPrevious == null) {
            first = node.listNext;
        } else {
            node.listPrevious.listNext = node.listNext;
        }
        if (node.listNext == null) {
            last = node.listPrevious;
        } else {
            node.listNext.listPrevious = node.listPrevious;
        }
        node.listPrevious = null;
        node.listNext = null;
    }

    @Nullable Edata removeFirst() {
        Edata node = first;
        if (node != null) {
            remove(node);
        }
        return node;
    }
}
