package io.janklab.explore.pairs;

/// Where the operations' pages lie.
public enum PagePlacement {
    /// All in one VMA, on the same pages.
    SAME("same"),
    /// Each in a VMA of its own, one beside the other.
    NEIGHBOUR("neighbour"),
    /// Each in a VMA of its own, with holes between them, below one page table.
    TABLE("table");

    private final String word;

    PagePlacement(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
