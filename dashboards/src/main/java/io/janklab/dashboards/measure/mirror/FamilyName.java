package io.janklab.dashboards.measure.mirror;

/// The name that numbered siblings share.
public final class FamilyName {
    private static final String SEPARATORS = " -_:#.";

    private FamilyName() {}

    /// `binder:1234_1` → `binder`, `hwuiTask0` → `hwuiTask`, `Thread-12` → `Thread`, `arena 0` → `arena`.
    public static String of(String name) {
        if (name.startsWith("binder:")) {
            return "binder";
        }
        int end = name.length();
        while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
            end--;
        }
        while (end > 0 && end < name.length() && SEPARATORS.indexOf(name.charAt(end - 1)) >= 0) {
            end--;
        }
        return end == 0 ? name : name.substring(0, end);
    }
}
