package io.janklab.explore.pairs;

import java.util.List;

/// The state of memory before the operations.
///
/// @param name   one word
/// @param pages  of each VMA
/// @param before calls that make it so, with places for addresses
public record MemoryState(String name, int pages, List<String> before) {
    /// Those of `states.txt`.
    public static final List<MemoryState> ALL = Table.lines("states.txt").stream().map(MemoryState::parse).toList();

    private static MemoryState parse(String line) {
        int colon = line.indexOf(':');
        String[] head = line.substring(0, colon).split("\\s+");
        return new MemoryState(head[0], Integer.parseInt(head[1]), Table.calls(line.substring(colon + 1)));
    }

    /// Whether it takes pages that are set aside for hugetlb.
    boolean usesHugetlb() {
        return before.stream().anyMatch(call -> call.contains("hugetlb"));
    }

    @Override
    public String toString() {
        return name;
    }
}
