package io.janklab.explore.text;

import io.janklab.program.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What is true of some outcomes: `a=1 b!=0 or a=b`. Terms in a row must all hold; of alternatives, one. The right-hand side is another
/// answer's name, or else a value, with commas in place of blanks. `a<b` says that a's call had returned before b's began.
///
/// @param alternatives each a list of terms
/// @param text         as it was written
public record Condition(List<List<Term>> alternatives, String text) {
    private static final String BEFORE = "<";

    /// That one call had returned before another began: its answer in an outcome is [#HELD] or `no`.
    public record Order(String first, String second) {
        public static final String HELD = "yes";
        public static final String NOT = "no";

        @Override
        public String toString() {
            return first + "<" + second;
        }
    }

    /// One comparison of an answer.
    record Term(String left, boolean equal, String right) {
        boolean holds(Map<String, String> answers) {
            return equal == Objects.requireNonNull(answers.get(left)).equals(answers.getOrDefault(right, right));
        }
    }

    static Condition parse(String text, int number, Set<String> names) {
        List<List<Term>> alternatives = new ArrayList<>();
        for (String alternative : text.strip().split("\\s+or\\s+")) {
            List<Term> terms = new ArrayList<>();
            for (String word : alternative.strip().split("\\s+")) {
                if (!word.equals("and")) {
                    terms.add(term(word, number, names));
                }
            }
            alternatives.add(terms);
        }
        return new Condition(alternatives, text.strip());
    }

    /// The orders of calls that it mentions.
    List<Order> orders() {
        return alternatives.stream()
                .flatMap(List::stream)
                .filter(term -> term.left().contains(BEFORE))
                .map(term -> order(term.left()))
                .toList();
    }

    private static Order order(String text) {
        String[] names = text.split(BEFORE, 2);
        return new Order(names[0], names[1]);
    }

    private static Term term(String word, int number, Set<String> names) {
        if (word.contains(BEFORE)) {
            Order order = order(word);
            known(order.first(), number, names);
            known(order.second(), number, names);
            return new Term(word, true, Order.HELD);
        }
        int at = word.indexOf('=');
        if (at <= 0 || at == word.length() - 1) {
            throw new LitmusSyntax(number, "a condition looks like a=1, b!=0, a=b or a<b, not '" + word + "'.");
        }
        boolean equal = word.charAt(at - 1) != '!';
        String left = word.substring(0, equal ? at : at - 1);
        known(left, number, names);
        return new Term(left, equal, word.substring(at + 1));
    }

    private static void known(String name, int number, Set<String> names) {
        if (!names.contains(name)) {
            throw new LitmusSyntax(number, "no call's answer is named '" + name + "'" + Nearest.hint(name, names) + ".");
        }
    }

    public boolean holds(Map<String, String> answers) {
        return alternatives.stream().anyMatch(terms -> terms.stream().allMatch(term -> term.holds(answers)));
    }

    @Override
    public String toString() {
        return text;
    }
}
