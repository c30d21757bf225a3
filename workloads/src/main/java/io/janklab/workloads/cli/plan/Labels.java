package io.janklab.workloads.cli.plan;

import io.janklab.workloads.input.BadInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The names of the sides of a comparison in tables, files and meters.
public final class Labels {
    /// Columns of a table have room for no more.
    private static final int LONGEST = 20;
    private static final int LETTERS = 26;

    private Labels() {}

    /// For each side its `name`, or else the words by which it differs from the others; letters where those would be too long.
    ///
    /// @throws BadInput if two sides are the same or have the same name, or there are too many
    public static List<String> of(List<Side> sides) {
        List<String> words = sides.stream().map(side -> words(side, sides)).toList();
        if (new HashSet<>(words).size() < sides.size()) {
            throw new BadInput("two of the settings are the same: a comparison needs at least two different ones.");
        }
        if (sides.size() > LETTERS) {
            throw new BadInput("a comparison takes at most " + LETTERS + " settings, not " + sides.size() + ": janklab sweep takes more.");
        }
        boolean fits = words.stream().allMatch(each -> each.length() <= LONGEST);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            String name = sides.get(i).values().get(Side.NAME);
            String letter = String.valueOf((char) ('A' + i));
            labels.add(name != null ? checked(name) : fits ? words.get(i) : letter);
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new BadInput("two settings are called the same: give them different names.");
        }
        return labels;
    }

    /// It becomes part of files' names.
    private static String checked(String name) {
        if (name.length() > LONGEST || !name.matches("[\\w.+=@-]+")) {
            throw new BadInput("the name of a setting has at most " + LONGEST + " letters, digits and . + = @ _ -, unlike '" + name + "'.");
        }
        return name;
    }

    /// `6.17`, `decayMs=1000`, `6.17+purger=daemon`: the settings that are not the same on all sides, the kernel first.
    private static String words(Side side, List<Side> sides) {
        List<String> words = new ArrayList<>();
        side.values().forEach((key, value) -> {
            boolean common = sides.stream().allMatch(other -> value.equals(other.values().get(key)));
            if (!common && key.equals(Side.KERNEL)) {
                words.addFirst(value);
            } else if (!common && (key.equals(Side.DEVICE) || key.equals(Side.SCENARIO))) {
                words.add(value);
            } else if (!common && !key.equals(Side.NAME)) {
                words.add(key.substring(key.lastIndexOf('.') + 1) + "=" + value);
            }
        });
        return words.isEmpty() ? "baseline" : String.join("+", words);
    }
}
