package io.janklab.dashboards.report.html;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The page's scripts, styles and data. The page's policy allows these scripts and no others, and no fetches.
final class Scripts {
    /// uPlot, then the page's own module.
    private static final List<String> SCRIPTS = List.of("\n" + FrontEnd.text(FrontEnd.UPLOT), "\n" + FrontEnd.joined("report.js"));

    private Scripts() {}

    static void writeHead(Html html) {
        String hashes = SCRIPTS.stream().map(script -> "'sha256-" + hash(script) + "'").collect(Collectors.joining(" "));
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
                + hashes + "\">\n");
        html.raw("<!--\nuPlot:\n" + FrontEnd.text("uplot/LICENSE") + "-->\n");
        FrontEnd.STYLES.forEach(name -> html.raw("<style>\n" + FrontEnd.text(name) + "</style>\n"));
    }

    /// Comes after everything that the scripts work on.
    static void writeEnd(Html html, ObjectNode data) {
        // No "<" is left that could end the block or open a comment.
        html.raw("<script type=\"application/json\" id=\"data\">" + data.toString().replace("<", "\\u003c") + "</script>\n");
        html.raw("<script>" + SCRIPTS.getFirst() + "</script>\n");
        html.raw("<script type=\"module\">" + SCRIPTS.getLast() + "</script>\n");
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
