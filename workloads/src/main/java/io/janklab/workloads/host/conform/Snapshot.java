package io.janklab.workloads.host.conform;

import java.util.List;

/// The region as a call has left it: its VMAs, a [PageState] letter per page, the stamps of the pages that are present, and how much the
/// page tables have grown since it was empty (VmPTE, KiB).
record Snapshot(List<Area> areas, String pages, List<Long> stamps, long pageTables) {
    /// The pages in runs: `@3 ppp @9 z`.
    String describePages() {
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
}
