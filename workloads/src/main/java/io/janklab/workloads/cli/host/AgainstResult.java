package io.janklab.workloads.cli.host;

import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.host.record.RecordRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The result of `janklab conform --against`.
record AgainstResult(Path file, RecordRun.Outcome outcome) implements OutputFolder.Maker {
    private static final String DIVERGENCE = "divergence.txt";

    /// Programs for `janklab conform --program`, one after the other; all else stands in comments.
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("# Linux ").append(outcome.release()).append(" as recorded in ").append(file).append(", against the simulated ");
        text.append(outcome.profile()).append(" (").append(outcome.architecture()).append(")\n");
        outcome.properties().table().forEach(line -> text.append("#   ").append(line).append('\n'));
        text.append("# ").append(outcome.agreed()).append(" of ").append(outcome.of()).append(" programs agreed.\n");
        if (outcome.divergences().size() + outcome.agreed() < outcome.of()) {
            text.append("# Stopped after ").append(outcome.divergences().size()).append(" that did not.\n");
        }
        outcome.divergences().forEach(script -> text.append('\n').append(script));
        return text.toString();
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>(Map.of("recording", file.toString()));
        all.putAll(outcome.asMap());
        return JsonText.of(all);
    }

    /// For comparison with a second run's.
    String cameTo() {
        return outcome.agreed() + " programs agreed, and these did not:\n" + String.join("\n", outcome.divergences());
    }

    List<String> files() {
        return outcome.divergences().isEmpty() ? List.of(ConformResult.FILE) : List.of(ConformResult.FILE, DIVERGENCE);
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        Files.writeString(folder.resolve(ConformResult.FILE), json());
        if (!outcome.divergences().isEmpty()) {
            Files.writeString(folder.resolve(DIVERGENCE), String.join("\n", outcome.divergences()));
        }
    }

    @Override
    public boolean isLeftover(String name) {
        return name.equals(DIVERGENCE);
    }
}
