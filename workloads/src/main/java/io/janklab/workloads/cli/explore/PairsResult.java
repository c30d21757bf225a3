package io.janklab.workloads.cli.explore;

import io.janklab.explore.FindingText;
import io.janklab.explore.pairs.Accusation;
import io.janklab.explore.pairs.MemoryState;
import io.janklab.explore.pairs.PairOperation;
import io.janklab.explore.pairs.PairSearch;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.OutputFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The result of `janklab explore pairs`.
///
/// @param words the options that chose the kernels
record PairsResult(PairSearch.Result found, KernelWords words, long tookNs) implements OutputFolder.Maker {
    static final String FILE = "pairs.json";
    static final String KEY = "causes";
    private static final String LITMUS = ".litmus";
    private static final int MOST_NAMED = 12;

    static String listed() {
        StringBuilder text = new StringBuilder("Operations:\n");
        PairOperation.ALL.forEach(operation -> text.append(
                String.format("  %-18s %s%n", operation.name(), String.join("; ", operation.calls()))));
        text.append("States:\n");
        MemoryState.ALL.forEach(state -> text.append(String.format("  %-18s %s%n", state.name(), String.join("; ", state.before()))));
        return text.toString();
    }

    static String listedAsJson() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        names.put("operations", PairOperation.ALL.stream().map(PairOperation::name).toList());
        names.put("states", MemoryState.ALL.stream().map(MemoryState::name).toList());
        return JsonText.of(names);
    }

    boolean isClean() {
        return found.byCause().isEmpty();
    }

    /// For comparison with a second run's.
    String cameTo() {
        return found.explorations() + " explorations, " + found.schedules() + " schedules, " + found.byCause().entrySet().stream()
                .map(cause -> cause.getValue().size() + " × " + cause.getKey())
                .collect(Collectors.joining("; "));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        found.byCause().forEach((cause, accusations) -> cause(text, cause, accusations));
        long accused = found.byCause().values().stream().mapToLong(List::size).sum();
        text.append(String.format(Locale.ROOT, "%,d explorations, %,d schedules, in %.0f s: ", found.explorations(), found.schedules(),
                tookNs / 1e9));
        String clean = "no kernel is accused.";
        text.append(isClean() ? clean : String.format(Locale.ROOT, "%,d break a rule, for %d %s.", accused, found.byCause().size(),
                found.byCause().size() == 1 ? "cause" : "causes"));
        Map<String, List<Accusation>> known = found.known().stream()
                .collect(Collectors.groupingBy(Accusation::whyKnown, LinkedHashMap::new, Collectors.toList()));
        known.forEach((why, accusations) -> text.append("\nKnown: ")
                .append(some(accusations, accusation -> String.join(" × ", accusation.operations()))).append(": ")
                .append(accusations.getFirst().cause()).append("; ").append(why).append('.'));
        return text.append('\n').toString();
    }

    private void cause(StringBuilder text, String cause, List<Accusation> accusations) {
        Accusation first = accusations.getFirst();
        text.append("Accused ").append(accusations.size()).append(accusations.size() == 1 ? " time: " : " times: ").append(cause)
                .append('\n');
        text.append("  pairs:   ").append(some(accusations, accusation -> String.join(" × ", accusation.operations()))).append('\n');
        text.append("  memory:  ")
                .append(some(accusations, accusation -> accusation.crossing().state() + "/" + accusation.crossing().placement()))
                .append('\n');
        text.append("  kernels: ").append(some(accusations, accusation -> accusation.spec().kernel().name())).append('\n');
        text.append("The first, on ").append(first.spec().kernel().name()).append(", as a litmus file:\n\n");
        text.append(first.crossing().litmus().text().indent(4)).append('\n').append(new FindingText(first.finding()).toString().indent(2));
        text.append("\nTo see it again: ").append(again(first)).append("\n\n");
    }

    private String again(Accusation accusation) {
        return "janklab explore --file " + accusation.crossing().name() + LITMUS + words.optionsFor(accusation.spec())
                + " --strategy replay:" + accusation.finding().schedule();
    }

    private static String some(List<Accusation> accusations, Function<Accusation, String> what) {
        List<String> all = accusations.stream().map(what).distinct().toList();
        String more = all.size() > MOST_NAMED ? ", … (" + all.size() + " in all)" : "";
        return String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size()))) + more;
    }

    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("explorations", found.explorations());
        json.put("schedules", found.schedules());
        List<Map<String, Object>> causes = new ArrayList<>();
        found.byCause().forEach((cause, accusations) -> causes.add(causeAsMap(cause, accusations)));
        json.put(KEY, causes);
        json.put("known", found.known().stream().map(known -> known.crossing().name() + words.optionsFor(known.spec())).toList());
        return JsonText.of(json);
    }

    private Map<String, Object> causeAsMap(String cause, List<Accusation> accusations) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("cause", cause);
        map.put("rule", accusations.getFirst().finding().rule());
        map.put("litmus", accusations.getFirst().crossing().litmus().text());
        map.put("replay", again(accusations.getFirst()));
        map.put("accused", accusations.stream()
                .map(accusation -> accusation.crossing().name() + words.optionsFor(accusation.spec())).toList());
        return map;
    }

    List<String> files() {
        List<String> files = new ArrayList<>(List.of(FILE));
        found.byCause().values().forEach(accusations -> files.add(accusations.getFirst().crossing().name() + LITMUS));
        return files.stream().distinct().toList();
    }

    @Override
    public void makeIn(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), json());
        for (List<Accusation> accusations : found.byCause().values()) {
            Files.writeString(folder.resolve(accusations.getFirst().crossing().name() + LITMUS),
                    accusations.getFirst().crossing().litmus().text());
        }
    }

    @Override
    public boolean isLeftover(String name) {
        return name.endsWith(LITMUS);
    }
}
