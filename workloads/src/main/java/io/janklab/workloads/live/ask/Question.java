package io.janklab.workloads.live.ask;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.ShellWord;
import io.janklab.workloads.sweep.DefaultKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A state of the comparing page, as its URL has it: `a.kernel=6.12&b.kernel=6.17&scenario=gc-storm&nativeHeap.decayMs=0&seeds=6`.
///
/// Names that begin with `a.` or `b.` belong to one side; `device`, `scenario`, `recording`, `seeds` and `duration` are the options of
/// those names; `bound=on` asks for the bound; everything else is what `--set` takes. Each is one field of the page.
///
/// @param fields by name, in the URL's order
public record Question(SequencedMap<String, String> fields) {
    private static final List<String> OPTIONS = List.of("device", "scenario", "recording", "seeds", "duration");
    private static final String BOUND = "bound";
    private static final String KERNEL = "kernel";
    private static final List<String> SIDES = List.of("a", "b");
    private static final Map<String, String> DEFAULT_KERNELS = Map.of("a", DefaultKernels.BASE, "b", DefaultKernels.ONE);
    /// Text that would begin another setting of a side.
    private static final Pattern ANOTHER = Pattern.compile(",[A-Za-z][\\w.-]*=");

    public Question {
        fields = new LinkedHashMap<>(fields);
    }

    /// The same with that value in a field.
    public Question with(String field, String value) {
        Question changed = new Question(fields);
        changed.fields.put(field, value);
        return changed;
    }

    /// The same without that field.
    Question without(String field) {
        Question rest = new Question(fields);
        rest.fields.remove(field);
        return rest;
    }

    /// Nothing but that field.
    Question only(String field) {
        return new Question(new LinkedHashMap<>(Map.of(field, fields.get(field))));
    }

    /// The words after `janklab compare`.
    ///
    /// @throws BadInput if a side's value would be read as another setting
    public List<String> words() {
        List<String> words = new ArrayList<>(sides());
        Map<String, String> rest = new LinkedHashMap<>(fields);
        OPTIONS.forEach(option -> {
            String value = rest.remove(option);
            if (value != null) {
                words.add("--" + option + "=" + value);
            }
        });
        boolean bounded = "on".equals(rest.remove(BOUND));
        rest.forEach((key, value) -> {
            if (!isOfSide(key)) {
                words.add("--set=" + key + "=" + value);
            }
        });
        if (!bounded) {
            words.add("--no-bound");
        }
        return words;
    }

    private static boolean isOfSide(String field) {
        return SIDES.stream().anyMatch(side -> field.startsWith(side + "."));
    }

    private List<String> sides() {
        List<Map<String, String>> both = SIDES.stream().map(this::side).toList();
        if (both.stream().allMatch(side -> side.size() == 1)) {
            return List.of("--kernels=" + both.stream().map(side -> side.get(KERNEL)).collect(Collectors.joining(",")));
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i < SIDES.size(); i++) {
            words.add("--" + SIDES.get(i) + "=" + both.get(i).entrySet().stream()
                    .map(each -> each.getKey() + "=" + each.getValue()).collect(Collectors.joining(",")));
        }
        return words;
    }

    /// The settings of that side, its kernel first.
    private Map<String, String> side(String name) {
        Map<String, String> side = new LinkedHashMap<>();
        side.put(KERNEL, DEFAULT_KERNELS.get(name));
        fields.forEach((field, value) -> {
            if (field.startsWith(name + ".")) {
                if (ANOTHER.matcher(value).find()) {
                    throw new BadInput("a field takes one value, not another setting besides: '" + value + "'.");
                }
                side.put(field.substring(name.length() + 1), value);
            }
        });
        return side;
    }

    /// The command that answers the same, to paste into a shell.
    public String command() {
        return "janklab compare " + words().stream().map(Question::spaced).map(Question::quoted).collect(Collectors.joining(" "));
    }

    /// `--seeds=6` in the usual notation: `--seeds 6`.
    private static String spaced(String word) {
        return word.replaceFirst("=", "\u0000");
    }

    private static String quoted(String word) {
        return Arrays.stream(word.split("\u0000", 2)).map(ShellWord::of).collect(Collectors.joining(" "));
    }
}
