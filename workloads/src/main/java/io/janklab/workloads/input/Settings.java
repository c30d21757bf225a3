package io.janklab.workloads.input;

import io.janklab.kernel.cpu.CpuSet;
import io.janklab.program.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The keys and values of a YAML file, flattened (`frame.ui.medianUs`), each with the file and line it came from.
///
/// Reading a key marks it as known; [#rejectUnknown] then complains about keys that were not read. A missing or invalid value is reported
/// and replaced, so that [#read] can report all errors at once.
public final class Settings {
    /// Characters of a list of values that a complaint has room for.
    private static final int MOST_CHOICES = 50;

    private final String file;
    private final Map<String, Value> values;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, String> allowed = new LinkedHashMap<>();
    private final Faults faults;

    /// A scalar as it was written, and where.
    ///
    /// @param key that it was written for
    record Value(String key, String text, String file, int line) {}

    /// @param faults that reading the file has found already
    Settings(String file, Map<String, Value> values, Faults faults) {
        this.file = file;
        this.values = values;
        this.faults = faults;
    }

    /// The result of `reader` for these settings.
    ///
    /// @throws BadInput with all that is wrong with them, in the order of the file's lines
    public <T> T read(Supplier<T> reader) {
        try {
            T made = reader.get();
            if (faults.isEmpty()) {
                return made;
            }
        } catch (RuntimeException e) {
            // Where a value is stood in for, others may not go with it: that is no fault of theirs.
            if (faults.isEmpty()) {
                throw e;
            }
        }
        throw faults.together();
    }

    /// The result of `reader`, which is about that key; what is wrong there is reported by [#read], and replaced.
    public <T> T attempt(String key, Supplier<T> reader, T standIn) {
        try {
            return reader.get();
        } catch (BadInput e) {
            Value value = values.get(key);
            if (value != null && isSound(key)) {
                faults.add(value.key(), value.line(), value.line() > 0 ? e.placed(value.file(), value.line()) : e);
            }
            return standIn;
        }
    }

    /// Makes [#read] complain about the value of `key` unless the rule holds.
    ///
    /// @param others keys whose values the rule is about too; nothing is said if there is something wrong with one of them
    public void require(boolean holds, String key, String rule, String... others) {
        if (!holds && isSound(key) && Stream.of(others).allMatch(this::isSound)) {
            standIn(key, rule, holds);
        }
    }

    private <T> T standIn(String key, String rule, T value) {
        Value wrong = values.get(key);
        if (wrong != null) {
            faults.add(wrong.key(), wrong.line(), at(wrong, wrong.key() + " " + rule + ", not '" + wrong.text() + "'."));
        }
        return value;
    }

    /// Whether it has a value that nothing was found wrong with.
    public boolean isSound(String key) {
        Value value = values.get(key);
        return value != null && !faults.concern(value.key());
    }

    /// Names of the user's own are below this; the keys of each, below [#TEMPLATE].
    public static final String FAMILY = "threads.";
    private static final String TEMPLATE = "thread.";

    /// The name of a key of the family in its template: `thread.nice` for `threads.raster.nice`; any other key itself.
    public static String template(String key) {
        int afterId = key.startsWith(FAMILY) ? key.indexOf('.', FAMILY.length()) : -1;
        return afterId < 0 ? key : TEMPLATE + key.substring(afterId + 1);
    }

    /// What the keys of the same member begin with: `threads.raster.` for `threads.raster.nice`; of any other key the template's beginning.
    private static String family(String key) {
        return template(key).equals(key) ? TEMPLATE : key.substring(0, key.indexOf('.', FAMILY.length()) + 1);
    }

    /// The template's settings with the values of that member of the family.
    public Settings member(String id) {
        String own = FAMILY + id + ".";
        Map<String, Value> merged = new LinkedHashMap<>(values);
        values.forEach((key, value) -> {
            if (key.startsWith(own)) {
                asked.add(key);
                merged.put(template(key), value);
            }
        });
        return new Settings(file, merged, faults);
    }

    /// These settings on top of `base`: every key here replaces the one there, and must exist there, if only in the template of a family.
    ///
    /// An unknown one is reported by [#read], with the nearest key of `base`.
    public Settings over(Settings base) {
        Map<String, Value> merged = new LinkedHashMap<>(base.values);
        Faults all = new Faults(base.faults);
        all.addAll(faults);
        values.forEach((key, value) -> {
            if (base.values.containsKey(template(key))) {
                merged.put(key, value);
            } else {
                addUnknown(all, value, base.values.keySet());
            }
        });
        return new Settings(file, merged, all);
    }

    /// The same with some keys changed on the command line; an unknown one is reported by [#read].
    public Settings with(Map<String, String> changes) {
        Map<String, Value> changed = new LinkedHashMap<>();
        changes.forEach((key, text) -> changed.put(key, new Value(key, text, "--set", 0)));
        return new Settings(file, changed, new Faults()).over(this);
    }

    /// The same without a key.
    public Settings without(String key) {
        Map<String, Value> rest = new LinkedHashMap<>(values);
        rest.remove(key);
        return new Settings(file, rest, faults);
    }

    /// Every key, in the file's order.
    public Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public boolean has(String key) {
        asked.add(key);
        return values.containsKey(key);
    }

    /// The names right below `prefix`, in the file's order: `little`, `mid`, `big` below `clusters`.
    public List<String> children(String prefix) {
        Set<String> names = new LinkedHashSet<>();
        for (String key : values.keySet()) {
            if (key.startsWith(prefix + ".")) {
                names.add(key.substring(prefix.length() + 1).split("\\.", 2)[0]);
            }
        }
        return new ArrayList<>(names);
    }

    /// The text of a key; nothing, and a complaint, if it is missing.
    public String text(String key) {
        asked.add(key);
        Value value = values.get(key);
        if (value == null && !faults.concern(key)) {
            int line = lineOfMap(key);
            String sentence = "the key " + key + " is missing.";
            faults.add(key, line, line > 0 ? BadInput.at(file, line, sentence) : new BadInput(file + ": " + sentence));
        }
        return value == null ? "" : value.text();
    }

    /// Where the map is that a key is missing from: the line of its first key; 0 if nothing of it is there, or it is the whole file.
    private int lineOfMap(String key) {
        String map = key.substring(0, key.lastIndexOf('.') + 1);
        return map.isEmpty() ? 0 : values.entrySet().stream().filter(each -> each.getKey().startsWith(map))
                .filter(each -> each.getValue().file().equals(file)).mapToInt(each -> each.getValue().line()).min().orElse(0);
    }

    /// One of `choices`.
    public String choice(String key, Collection<String> choices) {
        allowed.put(key, String.join(" | ", choices));
        String text = text(key);
        if (!choices.contains(text)) {
            String all = String.join(", ", choices);
            return standIn(key, all.length() <= MOST_CHOICES ? "is one of " + all : "is among its values in janklab list --keys"
                    + Nearest.hint(text, choices), choices.iterator().next());
        }
        return text;
    }

    /// Some of `choices`, separated by commas, or `none`.
    public List<String> words(String key, Collection<String> choices) {
        allowed.put(key, "none, or some of " + String.join(",", choices));
        List<String> words = text(key).equals("none") ? List.of() : List.of(text(key).split("\\s*,\\s*"));
        if (!choices.containsAll(words)) {
            return standIn(key, "is none or some of " + String.join(", ", choices), List.of());
        }
        return words;
    }

    /// `true` or `false`.
    public boolean flag(String key) {
        return Boolean.parseBoolean(choice(key, List.of("true", "false")));
    }

    /// A number within the closed range.
    public double number(String key, double min, double max) {
        allowed.put(key, plain(min) + " … " + plain(max));
        double number;
        try {
            number = Double.parseDouble(text(key));
        } catch (NumberFormatException e) {
            return standIn(key, "is a number", min);
        }
        if (!(number >= min && number <= max)) {
            return standIn(key, "lies between " + plain(min) + " and " + plain(max), min);
        }
        return number;
    }

    /// A whole number within the closed range.
    public long integer(String key, long min, long max) {
        return integer(key, min, max, key);
    }

    /// A whole number within the closed range, which ends at the value of another key.
    public long integer(String key, long min, long max, String most) {
        allowed.put(key, min + " … " + max);
        long number;
        try {
            number = Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            return standIn(key, "is a whole number", min);
        }
        if (number < min || number > max) {
            return key.equals(most) || isSound(most) ? standIn(key, "lies between " + min + " and " + max, min) : min;
        }
        return number;
    }

    /// Whole numbers within the closed range, separated by commas.
    public List<Integer> integers(String key, int min, int max) {
        allowed.put(key, min + " … " + max + ", several");
        List<Integer> numbers = new ArrayList<>();
        for (String word : text(key).split("\\s*,\\s*")) {
            try {
                numbers.add(Integer.parseInt(word));
            } catch (NumberFormatException e) {
                return standIn(key, "is a list of whole numbers like 60,90", List.of(min));
            }
        }
        if (numbers.stream().anyMatch(number -> number < min || number > max)) {
            return standIn(key, "has numbers between " + min + " and " + max, List.of(min));
        }
        return numbers;
    }

    /// A list of cores as the kernel writes it: `0-3,6`.
    public CpuSet cpus(String key) {
        try {
            return CpuSet.parse(text(key));
        } catch (IllegalArgumentException e) {
            return standIn(key, "is a list of cpus like 0-3,6", CpuSet.ALL);
        }
    }

    /// The values that `key` takes: `0 … 1000`, `mmap | vma`; empty if it takes any text, or has not been read.
    public String allowed(String key) {
        return allowed.getOrDefault(key, "");
    }

    /// The line of its file that `key` stands in, from 1; 0 if it comes from the command line.
    int line(String key) {
        return Objects.requireNonNull(values.get(key)).line();
    }

    /// Makes [#read] report every key of the file that was not read, naming the nearest one that was.
    public void rejectUnknown() {
        values.forEach((key, value) -> {
            if (!asked.contains(key)) {
                addUnknown(faults, value, asked);
            }
        });
    }

    private static void addUnknown(Faults faults, Value value, Collection<String> known) {
        faults.add(value.key(), value.line(), at(value, "unknown key '" + value.key() + "'" + hint(value.key(), known) + "."));
    }

    /// ` (did you mean 'x'?)` for the known key nearest to `key`, of the same member of the family; if it is a group of known keys, that.
    public static String hint(String key, Collection<String> known) {
        String group = (key + ".").startsWith(FAMILY) ? TEMPLATE : key + ".";
        boolean isGroup = template(key).equals(key) && known.stream().anyMatch(each -> each.startsWith(group));
        if (isGroup) {
            String below = known.stream().filter(each -> each.startsWith(group)).findFirst().orElseThrow().substring(group.length());
            String member = FAMILY.equals(key + ".") ? FAMILY + "NAME" : key;
            return ", which has no value but keys below it, such as " + member + "." + below;
        }
        String ofThread = TEMPLATE + key.substring(key.indexOf('.') + 1);
        String first = key.substring(0, key.indexOf('.') + 1);
        if (!first.isEmpty() && known.contains(ofThread) && known.stream().noneMatch(each -> each.startsWith(first))) {
            return " (did you mean '" + FAMILY + key + "'?)";
        }
        return Nearest.hint(template(key), known).replace("'" + TEMPLATE, "'" + family(key));
    }

    private static BadInput at(Value value, String sentence) {
        return value.line() > 0 ? BadInput.at(value.file(), value.line(), sentence) : new BadInput(value.file() + ": " + sentence);
    }

    private static String plain(double number) {
        return number == (long) number ? Long.toString((long) number) : Double.toString(number);
    }
}
