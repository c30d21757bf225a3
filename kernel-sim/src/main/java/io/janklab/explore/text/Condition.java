package io.janklab.explore.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is true of some outcomes: `a=1 b!=0 or a=b`. Terms beside each other must all hold; of alternatives, one. What stands to the right
/// is another answer's name, or else what an answer may be, with commas where that has blanks.
///
/// @param alternatives each a list of terms
/// @param text         as it was written
public record Condition(List<List<Term>> alternatives, String text) {
    /// One comparison of an answer.
    record Term(String left, boolean equal, String right) {
        boolean holds(Map<String, String> answers) {
            return equal == answers.get(left).equals(answers.getOrDefault(right, right));
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

    private static Term term(String word, int number, Set<String> names) {
        int at = word.indexOf('=');
        if (at <= 0 || at == word.length() - 1) {
            throw new LitmusSyntax(number, "a condition looks like a=1 b!=0 or a=b, not '" + word + "'.");
        }
        boolean equal = word.charAt(at - 1) != '!';
        String left = word.substring(0, equal ? at : at - 1);
        if (!names.contains(left)) {
            throw new LitmusSyntax(number, "no call's answer is named '" + left + "'.");
        }
        return new Term(left, equal, word.substring(at + 1));
    }

    public boolean holds(Map<String, String> answers) {
        return alternatives.stream().anyMatch(terms -> terms.stream().allMatch(term -> term.holds(answers)));
    }

    @Override
    public String toString() {
        return text;
    }
}
