package io.janklab.dashboards.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The page's scripts, styles and data. The policy of the page lets these scripts run and no other, and lets nothing be fetched.
final class Scripts {
    private static final List<String> SCRIPTS =
            List.of("uplot/uPlot.iife.min.js", "theme.js", "tables.js", "charts.js", "timeline.js");
    private static final List<String> STYLES = List.of("uplot/uPlot.min.css", "report.css", "timeline.css");

    private Scripts() {}

    static void writeHead(Html html) {
        String hashes = SCRIPTS.stream().map(name -> "'sha256-" + hash(scriptText(name)) + "'").collect(Collectors.joining(" "));
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src " + hashes + "\">\n");
        html.raw("<!--\nuPlot:\n" + text("uplot/LICENSE") + "-->\n");
        STYLES.forEach(name -> html.raw("<style>\n" + text(name) + "</style>\n"));
    }

    /// After everything that the scripts work on.
    static void writeEnd(Html html, ObjectNode data) {
        // No "<" is left that could end the block or open a comment.
        html.raw("<script type=\"application/json\" id=\"data\">" + data.toString().replace("<", "\\u003c") + "</script>\n");
        SCRIPTS.forEach(name -> html.raw("<script>" + scriptText(name) + "</script>\n"));
    }

    private static String scriptText(String name) {
        return "\n" + text(name);
    }

    private static String text(String resource) {
        try (InputStream in = Scripts.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
