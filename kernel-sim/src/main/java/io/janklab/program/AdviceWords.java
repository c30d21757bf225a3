package io.janklab.program;

import io.janklab.kernel.uapi.Mman;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Names for `madvise` behaviours: MADV_DONTNEED is `dontneed`; one without a name is its number.
public final class AdviceWords {
    private static final Map<String, Integer> ADVICE = new LinkedHashMap<>();

    static {
        ADVICE.put("normal", Mman.MADV_NORMAL);
        ADVICE.put("random", Mman.MADV_RANDOM);
        ADVICE.put("sequential", Mman.MADV_SEQUENTIAL);
        ADVICE.put("willneed", Mman.MADV_WILLNEED);
        ADVICE.put("dontneed", Mman.MADV_DONTNEED);
        ADVICE.put("free", Mman.MADV_FREE);
        ADVICE.put("remove", Mman.MADV_REMOVE);
        ADVICE.put("dontfork", Mman.MADV_DONTFORK);
        ADVICE.put("dofork", Mman.MADV_DOFORK);
        ADVICE.put("mergeable", Mman.MADV_MERGEABLE);
        ADVICE.put("unmergeable", Mman.MADV_UNMERGEABLE);
        ADVICE.put("hugepage", Mman.MADV_HUGEPAGE);
        ADVICE.put("nohugepage", Mman.MADV_NOHUGEPAGE);
        ADVICE.put("dontdump", Mman.MADV_DONTDUMP);
        ADVICE.put("dodump", Mman.MADV_DODUMP);
        ADVICE.put("wipeonfork", Mman.MADV_WIPEONFORK);
        ADVICE.put("keeponfork", Mman.MADV_KEEPONFORK);
        ADVICE.put("cold", Mman.MADV_COLD);
        ADVICE.put("pageout", Mman.MADV_PAGEOUT);
        ADVICE.put("populate-read", Mman.MADV_POPULATE_READ);
        ADVICE.put("populate-write", Mman.MADV_POPULATE_WRITE);
        ADVICE.put("dontneed-locked", Mman.MADV_DONTNEED_LOCKED);
        ADVICE.put("collapse", Mman.MADV_COLLAPSE);
        ADVICE.put("hwpoison", Mman.MADV_HWPOISON);
        ADVICE.put("soft-offline", Mman.MADV_SOFT_OFFLINE);
        ADVICE.put("guard-install", Mman.MADV_GUARD_INSTALL);
        ADVICE.put("guard-remove", Mman.MADV_GUARD_REMOVE);
    }

    private AdviceWords() {}

    /// Every name there is.
    public static Set<String> all() {
        return Collections.unmodifiableSet(ADVICE.keySet());
    }

    public static String format(long advice) {
        for (Map.Entry<String, Integer> named : ADVICE.entrySet()) {
            if (named.getValue() == advice) {
                return named.getKey();
            }
        }
        return Long.toString(advice);
    }

    static long parse(String text) {
        Integer named = ADVICE.get(text);
        return named != null ? named : Numbers.parse(text);
    }
}
