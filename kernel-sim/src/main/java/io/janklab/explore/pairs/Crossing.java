package io.janklab.explore.pairs;

import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Two or three operations at once, on memory in some state.
public record Crossing(List<PairOperation> operations, MemoryState state, PagePlacement placement) {
    private static final Pattern PLACE = Pattern.compile("@([PQD])\\b|\\bVp\\b");
    private static final int TABLE_PAGES = 512;
    /// The first page that operations work on: of a page table's range.
    private static final int FIRST_PAGE = TABLE_PAGES;
    private static final String MACHINE = "\nmemory 256p\nswap 64p\nfile 8p\n";
    private static final String WIDE_MACHINE = "\nmemory 4096p\nswap 64p\nfile 512p\n";
    private static final String HUGE_PAGES = "hugetlb 4\n";
    private static final int HOLE_PAGES = 12;
    /// Where things are moved to: another table's range.
    private static final int DESTINATION = 3 * TABLE_PAGES;

    public Crossing {
        operations = List.copyOf(operations);
    }

    /// Whether there are addresses for it: beside a VMA that fills a table there are none below the same table, and for three of them there
    /// is no place at all.
    boolean isPossible() {
        return switch (placement) {
            case SAME -> true;
            case NEIGHBOUR -> !isWide() || operations.size() == 2;
            case TABLE -> !isWide();
        };
    }

    private boolean isWide() {
        return state.pages() == TABLE_PAGES;
    }

    public String name() {
        return String.join(".", operations.stream().map(PairOperation::name).toList()) + "." + state + "." + placement;
    }

    /// As a file.
    public LitmusText litmus() {
        return LitmusParser.parse(text().lines().toList());
    }

    private String text() {
        StringBuilder out = new StringBuilder("litmus " + name() + (isWide() ? WIDE_MACHINE : MACHINE));
        out.append(state.usesHugetlb() ? HUGE_PAGES : "").append("before:\n");
        before().forEach(call -> out.append("  ").append(call).append('\n'));
        out.append("tasks:\n  ").append(String.join(" | ", heads())).append('\n');
        int rows = operations.stream().mapToInt(operation -> operation.calls().size()).max().orElse(0);
        for (int row = 0; row < rows; row++) {
            out.append("  ").append(String.join(" | ", row(row))).append('\n');
        }
        for (int i = 0; i < operations.size(); i++) {
            if (looksForHoles(i)) {
                out.append("always: ").append(answer(i)).append("=whole\n");
            }
        }
        return out.toString();
    }

    /// The memory of each, then what prepares each; nothing twice. Adjacent VMAs are named, lest they be merged.
    private Set<String> before() {
        Set<String> calls = new LinkedHashSet<>();
        for (int i = 0; i < operations.size(); i++) {
            for (String call : state.before()) {
                calls.add(placed(call, i));
            }
        }
        if (placement == PagePlacement.NEIGHBOUR) {
            calls.add(placed("madvise @P Vp dontdump", 1));
        }
        for (int i = 0; i < operations.size(); i++) {
            for (String call : operations.get(i).before()) {
                calls.add(placed(call, i));
            }
        }
        return calls;
    }

    private List<String> heads() {
        List<String> heads = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            String number = operations.indexOf(operations.get(i)) == i ? "" : String.valueOf(i + 1);
            heads.add(operations.get(i).name() + number + (operations.get(i).elsewhere() ? " elsewhere" : ""));
        }
        return heads;
    }

    private List<String> row(int row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            List<String> calls = operations.get(i).calls();
            String call = row < calls.size() ? placed(calls.get(row), i) : "";
            cells.add(looksForHoles(i) ? answer(i) + " = " + call : call);
        }
        return cells;
    }

    /// Whether operation `i` lists mappings that none of the others removes.
    private boolean looksForHoles(int i) {
        boolean lists = operations.get(i).calls().getFirst().matches("s?maps .*");
        return lists && operations.stream().noneMatch(PairOperation::unmaps);
    }

    private static String answer(int i) {
        return "seen" + (i + 1);
    }

    private String placed(String call, int i) {
        return PLACE.matcher(call).replaceAll(found -> Matcher.quoteReplacement(place(found.group(), i)));
    }

    private String place(String place, int i) {
        return switch (place) {
            case "@P" -> "@" + page(i);
            case "@Q" -> "@" + (page(i) + 1);
            case "@D" -> "@" + destination(i);
            default -> state.pages() + "p";
        };
    }

    private int page(int i) {
        return switch (placement) {
            case SAME -> FIRST_PAGE;
            case NEIGHBOUR -> FIRST_PAGE + i * state.pages();
            case TABLE -> FIRST_PAGE + i * (state.pages() + HOLE_PAGES);
        };
    }

    private int destination(int i) {
        return placement == PagePlacement.SAME || i == 0 ? DESTINATION : isWide() ? 0 : DESTINATION + i * (state.pages() + HOLE_PAGES);
    }

    @Override
    public String toString() {
        return name();
    }
}
