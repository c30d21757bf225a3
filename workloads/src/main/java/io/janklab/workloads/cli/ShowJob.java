package io.janklab.workloads.cli;

import io.janklab.dashboards.report.text.TerminalWidth;
import io.janklab.dashboards.report.text.Wrap;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.program.Nearest;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.scenario.KeyChoice;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The work of `show`.
///
/// @param kind scenario, device, kernel or litmus
/// @param name which one
record ShowJob(Output output, String kind, String name) implements Job {
    private static final String FILE = "show.json";
    private static final List<String> KINDS = List.of("scenario", "device", "kernel", "litmus");

    /// The output as text, and the same as JSON.
    private record Shown(String text, Map<String, Object> json) {}

    @Override
    public int run() {
        output.nothingToVerify();
        Optional<OutputFolder> folder = output.folder(FILE, "name");
        Shown shown = switch (kind) {
            case "scenario" -> scenario();
            case "device" -> device();
            case "kernel" -> kernel();
            case "litmus" -> litmus();
            default -> throw new BadInput("show takes scenario, device, kernel or litmus, not '" + kind + "'"
                    + Nearest.hint(kind, KINDS) + ".");
        };
        String json = JsonText.of(shown.json());
        folder.ifPresent(out -> out.write(making -> Files.writeString(making.resolve(FILE), json)));
        if (kind.equals("device")) {
            output.printSource(shown::text, () -> json);
        } else {
            output.print(shown::text, () -> json);
        }
        output.remarkWritten(List.of(FILE));
        return ExitCode.OK;
    }

    private Shown scenario() {
        List<KeyChoice> keys = Scenario.choices(name);
        return new Shown(KeyTable.of(keys), json("keys", keys));
    }

    /// A device's keys are its file's own, comments included.
    private Shown device() {
        String source = new String(Device.CATALOGUE.source(name), StandardCharsets.UTF_8);
        Device.find(name);
        return new Shown(wrapped(source), json("yaml", source));
    }

    /// YAML that fits a terminal and is still the same YAML: comments and plain texts are broken.
    private static String wrapped(String yaml) {
        return yaml.lines().map(ShowJob::wrappedLine).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String wrappedLine(String line) {
        int comment = line.indexOf('#');
        boolean isComment = comment >= 0 && line.substring(0, comment).isBlank();
        boolean isText = comment < 0 && !line.strip().contains("  ");
        if (!isComment && !isText) {
            return line;
        }
        String indent = line.substring(0, line.length() - line.stripLeading().length());
        String next = indent + (isComment ? "# " : "  ");
        return String.join("\n", Wrap.lines(line, TerminalWidth.columns(), next));
    }

    private Shown kernel() {
        Map<String, Object> switches = new LinkedHashMap<>(Changes.of(Map.of()).kernel(name, Architecture.ARM64).switches());
        int width = switches.keySet().stream().mapToInt(String::length).max().orElseThrow();
        StringBuilder text = new StringBuilder();
        AndroidKernel android = AndroidKernel.byLabel(name);
        if (android != null) {
            String described = name + ": " + android.description() + ".";
            text.append(String.join("\n", Wrap.lines(described, TerminalWidth.columns(), "  "))).append("\n\n");
        }
        switches.forEach((key, value) -> text.append(String.format("%-" + width + "s  %s%n", key, value)));
        return new Shown(text.toString(), json("switches", switches));
    }

    private Shown litmus() {
        String text = Litmuses.text(name);
        if (text == null) {
            String why = Litmuses.byName(name) == null ? "there is no litmus '" + name + "'" + Nearest.hint(name, Litmuses.names())
                    : "the litmus " + name + " is not a file, since it drives a lock alone";
            throw new BadInput(why + ".");
        }
        return new Shown(text, json("text", text));
    }

    private Map<String, Object> json(String what, Object value) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put(what, value);
        return json;
    }
}
