package io.janklab.workloads.input;

import io.janklab.kernel.cpu.CpuSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/// The keys and values of a YAML file, flattened (`frame.ui.medianUs`), each with the file and line it came from.
///
/// Reading a key marks it as known; [#rejectUnknown] then complains about keys that were not read. An invalid value is reported and
/// replaced, so that [#read] can report all errors at once.
public final class Settings {
    /// Characters of a list of values that a complaint has room for.
    private static final int MOST_CHOICES = 50;

    private final String file;
    private final Map<String, Value> values;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, String> allowed = new LinkedHashMap<>();
    private final List<Complaint> complaints;

    /// @param line of the file, 0 on the command line, which comes after it
    private record Complaint(int line, BadInput fault) {
        int place() {
            return line == 0 ? Integer.MAX_VALUE : line;
        }
    }

    /// A scalar as it was written, and where.
    record Value(String text, String file, int line) {}

    Settings(String file, Map<String, Value> values) {
        this(file, values, new ArrayList<>());
    }

    private Settings(String file, Map<String, Value> values, List<Complaint> complaints) {
        this.file = file;
        this.values = values;
        this.complaints = complaints;
    }

    /// The result of `reader` for these settings.
    ///
    /// @throws BadInput with all that is wrong with them, in the order of the file's lines
    public <T> T read(Supplier<T> reader) {
        try {
            T made = reader.get();
            if (complaints.isEmpty()) {
                return made;
            }
        } catch (RuntimeException e) {
            // Where a value is stood in for, others may not go with it: that is no fault of theirs.
            if (complaints.isEmpty()) {
                throw e;
            }
        }
        throw BadInput.all(complaints.stream().sorted(Comparator.comparingInt(Complaint::place)).map(Complaint::fault).toList());
    }

    private <T> T standIn(String key, String rule, T value) {
        complaints.add(new Complaint(line(key), wrong(key, rule)));
        return value;
    }

    /// Names of the user's own are below this; the keys of each, below [#TEMPLATE].
    public static final String FAMILY = "threads.";
    private static final String TEMPLATE = "thread.";

    /// The name of a key of the family in its template: `thread.nice` for `threads.raster.nice`; any other key itself.
    public static String template(String key) {
        int afterId = key.startsWith(FAMILY) ? key.indexOf('.', FAMILY.length()) : -1;
        return afterId < 0 ? key : TEMPLATE + key.substring(afterId + 1);
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
        return new Settings(file, merged, complaints);
    }

    /// These settings on top of `base`: every key here replaces the one there, and must exist there, if only in the template of a family.
    ///
    /// An unknown one is reported by [#read], with the nearest key of `base`.
    public Settings over(Settings base) {
        Map<String, Value> merged = new LinkedHashMap<>(base.values);
        List<Complaint> all = new ArrayList<>(base.complaints);
        all.addAll(complaints);
        values.forEach((key, value) -> {
            if (base.values.containsKey(template(key))) {
                merged.put(key, value);
            } else {
                all.add(unknown(key, value, base.values.keySet()));
            }
        });
        return new Settings(file, merged, all);
    }

    /// The same with some keys changed on the command line; an unknown one is reported by [#read].
    public Settings with(Map<String, String> changes) {
        Map<String, Value> changed = new LinkedHashMap<>();
        changes.forEach((key, text) -> changed.put(key, new Value(text, "--set", 0)));
        return new Settings(file, changed).over(this);
    }

    /// The same without a key.
    public Settings without(String key) {
        Map<String, Value> rest = new LinkedHashMap<>(values);
        rest.remove(key);
        return new Settings(file, rest, complaints);
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

    public String text(String key) {
        return value(key).text();
    }

    /// One of `choices`.
    public String choice(String key, Collection<String> choices) {
        allowed.put(key, String.join(" | ", choices));
        String text = text(key);
        if (!choices.contains(text)) {
            String all = String.join(", ", choices);
            return standIn(key, all.length() <= MOST_CHOICES ? "is one of " + all : "is among its values in janklab list --keys",
                    choices.iterator().next());
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
        allowed.put(key, min + " … " + max);
        long number;
        try {
            number = Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            return standIn(key, "is a whole number", min);
        }
        if (number < min || number > max) {
            return standIn(key, "lies between " + min + " and " + max, min);
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

    /// A complaint about the value of `key`: `scroll.yaml:12: frame.rate lies between 1 and 240, not 'fast'.`
    public BadInput wrong(String key, String rule) {
        Value value = value(key);
        return at(value, key + " " + rule + ", not '" + value.text() + "'.");
    }

    /// Makes [#read] report every key of the file that was not read, naming the nearest one that was.
    public void rejectUnknown() {
        values.forEach((key, value) -> {
            if (!asked.contains(key)) {
                complaints.add(unknown(key, value, asked));
            }
        });
    }

    private Value value(String key) {
        asked.add(key);
        Value value = values.get(key);
        if (value == null) {
            BadInput missing = new BadInput(file + ": the key " + key + " is missing.");
            complaints.add(new Complaint(0, missing));
            throw missing;
        }
        return value;
    }

    private static Complaint unknown(String key, Value value, Collection<String> known) {
        return new Complaint(value.line(), at(value, "unknown key '" + key + "'" + Nearest.hint(key, known) + "."));
    }

    private static BadInput at(Value value, String sentence) {
        return value.line() > 0 ? BadInput.at(value.file(), value.line(), sentence) : new BadInput(value.file() + ": " + sentence);
    }

    private static String plain(double number) {
        return number == (long) number ? Long.toString((long) number) : Double.toString(number);
    }
}
