package io.janklab.explore.pairs;

import java.util.List;

/// Something that one task does to the memory all of them share.
///
/// @param name      one word
/// @param elsewhere whether a task of another process does it
/// @param unmaps    whether a hole may be seen meanwhile where memory was mapped
/// @param before    calls that prepare it, with places for addresses
/// @param calls     what it does, with places for addresses
public record PairOperation(String name, boolean elsewhere, boolean unmaps, List<String> before, List<String> calls) {
    /// Those of `operations.txt`.
    public static final List<PairOperation> ALL = Table.lines("operations.txt").stream().map(PairOperation::parse).toList();

    private static PairOperation parse(String line) {
        int colon = line.indexOf(':');
        List<String> head = List.of(line.substring(0, colon).split("\\s+"));
        String rest = line.substring(colon + 1);
        int arrow = rest.indexOf("=>");
        List<String> before = arrow < 0 ? List.of() : Table.calls(rest.substring(0, arrow));
        List<String> calls = Table.calls(arrow < 0 ? rest : rest.substring(arrow + 2));
        return new PairOperation(head.getFirst(), head.contains("elsewhere"), head.contains("unmaps"), before, calls);
    }

    @Override
    public String toString() {
        return name;
    }
}
