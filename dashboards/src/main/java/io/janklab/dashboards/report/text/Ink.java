package io.janklab.dashboards.report.text;

/// Colours of a terminal, or none of them.
public enum Ink {
    PLAIN,
    COLOURED;

    private static final String ESCAPE = "\u001B[";
    private static final String END = ESCAPE + "0m";

    String strong(String text) {
        return in("1", text);
    }

    String better(String text) {
        return in("32", text);
    }

    String worse(String text) {
        return in("31", text);
    }

    String faint(String text) {
        return in("2", text);
    }

    private String in(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : ESCAPE + code + "m" + text + END;
    }

    /// How many columns `text` takes.
    static int width(String text) {
        return text.replaceAll("\u001B\\[[0-9;]*m", "").length();
    }
}
