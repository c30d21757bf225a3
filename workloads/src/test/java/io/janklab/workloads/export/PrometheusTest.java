package io.janklab.workloads.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.grafana.Provisioning;
import io.janklab.workloads.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two kernels' runs in a real Prometheus: what the dashboards and rules ask it for, it has.
final class PrometheusTest {
    /// Within the run, late enough for every rate.
    private static final double END_S = 2.0;
    private static final Map<String, String> VARIABLES =
            Map.of("$run", ".*", "$kernel", ".*", "$task", ".*", "$__rate_interval", "1s");
    private static final Pattern RULE = Pattern.compile("(record|alert): (\\S+)\\s+expr: (?:>-\\s+)?(.+)");

    @TempDir
    static Path folder;

    private static Path provisioning;
    private static Prometheus prometheus;

    @BeforeAll
    static void loadARun() throws IOException, InterruptedException {
        Prometheus.assumeInstalled();
        provisioning = folder.resolve("provisioning");
        Files.createDirectories(provisioning);
        Provisioning.writeInto(provisioning);
        Path out = folder.resolve("out");
        CommandLineRun.ok(
                "compare", "--kernels", "6.12,6.17", "--scenario", "gc-storm", "--seed", "1", "--duration", "1500ms",
                        "--openmetrics", "--quiet",
                "--out", out.toString());
        Path data = folder.resolve("data");
        Prometheus.promtool("tsdb", "create-blocks-from", "openmetrics", out.resolve("openmetrics.txt").toString(), data.toString());
        Path config = Files.writeString(folder.resolve("empty.yml"), "{}\n");
        prometheus = Prometheus.start(config, data);
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @Test
    void everyPanelOfEveryDashboardHasData() throws IOException, InterruptedException {
        int panels = 0;
        for (Path file : dashboards()) {
            for (JsonNode panel : JsonMapper.shared().readTree(file).get("panels")) {
                panels++;
                for (JsonNode target : panel.get("targets")) {
                    String expression = substituted(target.get("expr").asString());
                    assertThat(prometheus.query(expression, END_S))
                            .as("%s, %s: %s", file.getFileName(), panel.get("title").asString(), expression)
                            .isNotEmpty();
                }
            }
        }
        assertThat(panels).isGreaterThan(30);
    }

    @Test
    void everyVariableOfEveryDashboardHasValues() throws IOException, InterruptedException {
        for (Path file : dashboards()) {
            List<String> names = new ArrayList<>();
            for (JsonNode variable : JsonMapper.shared().readTree(file).get("templating").get("list")) {
                names.add(variable.get("name").asString());
                if (variable.get("type").asString().equals("query")) {
                    Matcher query = Pattern.compile("label_values\\((.+), (\\w+)\\)")
                            .matcher(variable.get("query").get("query").asString());
                    assertThat(query.matches()).isTrue();
                    String values = "group by (" + query.group(2) + ") (" + substituted(query.group(1)) + ")";
                    assertThat(prometheus.query(values, END_S)).as("%s, %s", file.getFileName(), values).isNotEmpty();
                }
            }
            assertThat(names).containsExactly("datasource", "run", "kernel", "task");
        }
    }

    private static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(provisioning.resolve("grafana/dashboards"))) {
            return files.sorted().toList();
        }
    }

    private static String substituted(String expression) {
        String text = expression;
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            text = text.replace(variable.getKey(), variable.getValue());
        }
        return text;
    }

    /// Alerts are asked without their threshold, which a good run does not pass.
    @Test
    void everyRuleHasData() throws IOException, InterruptedException {
        Map<String, String> recorded = new LinkedHashMap<>();
        Matcher rule = RULE.matcher(Files.readString(provisioning.resolve("prometheus/rules.yml")));
        int rules = 0;
        while (rule.find()) {
            String expression = rule.group(3).replace("[10s]", "[1s]");
            if (rule.group(1).equals("record")) {
                recorded.put(rule.group(2), expression);
            } else {
                expression = "(" + recorded.get(expression.split(" > ")[0]) + ") >= 0";
            }
            assertThat(prometheus.query(expression, END_S)).as(rule.group(2)).isNotEmpty();
            rules++;
        }
        assertThat(rules).isEqualTo(8);
    }

    @Test
    void rulesAndConfigurationPassPromtool() throws IOException, InterruptedException {
        assertThat(Prometheus.promtool("check", "rules", provisioning.resolve("prometheus/rules.yml").toString()))
                .contains("8 rules found");
        assertThat(Prometheus.promtool("check", "config", provisioning.resolve("prometheus/prometheus.yml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void countsAreThoseOfResultJson() throws IOException, InterruptedException {
        JsonNode result = JsonMapper.shared().readTree(folder.resolve("out/result.json"));
        for (JsonNode kernel : result.get("kernels")) {
            String selector = "{kernel=\"" + kernel.get("name").asString() + "\"}";
            JsonNode frames = prometheus.query("sum(frames_total" + selector + ")", 1_000);
            assertThat(frames).isEmpty();
            double last = kernel.get("virtualNs").asLong() / 1e9;
            assertThat(prometheus.query("sum(frames_total" + selector + ")", last).get(0).get("value").get(1).asInt())
                    .isEqualTo(kernel.get("frames").get("count").asInt());
        }
    }
}
