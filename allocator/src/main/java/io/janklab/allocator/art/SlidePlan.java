package io.janklab.allocator.art;

/// Where everything in the moving space slides to: offsets from its beginning, before and after (`PrepareForCompaction`).
///
/// From below: permanent objects stay where they are, their pages being at least 95 % live (`black_dense_end_`); mortal objects close the
/// gap that their dead elders leave; young survivors, thinly spread, close up behind them; and objects allocated since marking ended, all
/// assumed live, slide down unchanged, page by page.
///
/// @param denseEnd up to here nothing moves
/// @param dead bytes of mortal objects that have died, right above
/// @param youngBegin where objects begin that were young when marking ended, and `blackBegin` where they end
/// @param survivors bytes of them that live
/// @param blackEnd the end of all objects
record SlidePlan(long denseEnd, long dead, long youngBegin, long survivors, long blackBegin, long blackEnd) {
    /// Where mortal objects end when compacted.
    private long mortalEnd() {
        return youngBegin - dead;
    }

    /// Where compacted objects end, and those begin that only slide (`post_compact_end_`).
    long postCompactEnd() {
        return MemMap.pageAlign(mortalEnd() + survivors);
    }

    /// The end of all objects afterwards.
    long newTop() {
        return postCompactEnd() + (blackEnd - blackBegin);
    }

    /// Pages in use afterwards.
    int pages() {
        return (int) (newTop() / MemMap.PAGE);
    }

    /// Pages of compacted objects (`moving_first_objs_count_`).
    int compactedPages() {
        return (int) (postCompactEnd() / MemMap.PAGE);
    }

    int densePages() {
        return (int) (denseEnd / MemMap.PAGE);
    }

    /// The source of the byte that is at `offset` afterwards.
    long sourceOf(long offset) {
        if (offset < denseEnd) {
            return offset;
        }
        if (offset >= postCompactEnd()) {
            return blackBegin + (offset - postCompactEnd());
        }
        if (offset < mortalEnd()) {
            return offset + dead;
        }
        long within = offset - mortalEnd();
        long spread = survivors == 0 ? 0 : (long) ((double) within / survivors * (blackBegin - youngBegin));
        return Math.min(youngBegin + spread, blackBegin);
    }

    /// The end of the source of the page that is at `offset` afterwards.
    long sourceEnd(long offset) {
        return sourceOf(offset + MemMap.PAGE - 1) + 1;
    }

    long freed() {
        return blackBegin - postCompactEnd();
    }
}
