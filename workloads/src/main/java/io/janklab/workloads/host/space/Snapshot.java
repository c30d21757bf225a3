package io.janklab.workloads.host.space;

import io.janklab.program.Region;
import io.janklab.program.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The region after a call: its VMAs, a [PageState] letter per page, the stamps of the pages that are present, and how much the page tables
/// have grown since it was empty (VmPTE, KiB).
public record Snapshot(List<Area> areas, String pages, List<Long> stamps, long pageTables) {
    /// Nothing mapped.
    public static final Snapshot EMPTY = new Snapshot(List.of(), String.valueOf(PageState.NONE).repeat(Region.PAGES), List.of(), 0);

    /// The pages in runs: `@3 ppp @9 z`.
    public String describePages() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pages.length(); i++) {
            if (pages.charAt(i) != PageState.NONE) {
                if (i == 0 || pages.charAt(i - 1) == PageState.NONE) {
                    text.append(text.isEmpty() ? "@" : " @").append(i).append(' ');
                }
                text.append(pages.charAt(i));
            }
        }
        return text.toString();
    }

    /// Parses the text of [#describePages].
    ///
    /// @throws IllegalArgumentException if it cannot be read
    public static String parsePages(String text) {
        char[] pages = new char[Region.PAGES];
        Arrays.fill(pages, PageState.NONE);
        String[] words = text.isEmpty() ? new String[0] : text.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            int first = Integer.parseInt(words[i].substring(1));
            words[i + 1].getChars(0, words[i + 1].length(), pages, first);
        }
        return new String(pages);
    }

    /// The stamps, in the order of their pages.
    public String describeStamps() {
        return stamps.stream().map(Stamp::describe).collect(Collectors.joining(" "));
    }

    /// Parses the text of [#describeStamps].
    ///
    /// @throws IllegalArgumentException if it cannot be read
    public static List<Long> parseStamps(String text) {
        List<Long> stamps = new ArrayList<>();
        for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
            stamps.add(Stamp.parse(word));
        }
        return stamps;
    }

    public Snapshot withAreas(List<Area> newAreas) {
        return new Snapshot(List.copyOf(newAreas), pages, stamps, pageTables);
    }

    public Snapshot withPages(String newPages) {
        return new Snapshot(areas, newPages, stamps, pageTables);
    }

    public Snapshot withStamps(List<Long> newStamps) {
        return new Snapshot(areas, pages, newStamps, pageTables);
    }

    public Snapshot withPageTables(long kib) {
        return new Snapshot(areas, pages, stamps, kib);
    }
}
