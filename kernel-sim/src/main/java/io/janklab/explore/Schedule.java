package io.janklab.explore;

import java.util.ArrayList;
import java.util.List;

/// Which actor runs when: turns of one or more steps, each of one actor. Written `4A-2B-rcu-A`: four steps of task A, two of B, the end of
/// a grace period, and one more step of A. Where it says nothing, the actor that ran last continues, or else the first that can.
public record Schedule(List<Turn> turns) {
    /// `steps` steps of the actor of that name.
    public record Turn(int steps, String actor) {
        @Override
        public String toString() {
            return steps == 1 ? actor : steps + actor;
        }
    }

    public Schedule {
        turns = List.copyOf(turns);
    }

    /// @throws IllegalArgumentException if `text` is no schedule
    public static Schedule parse(String text) {
        List<Turn> turns = new ArrayList<>();
        for (String turn : text.strip().split("-")) {
            int digits = 0;
            while (digits < turn.length() && Character.isDigit(turn.charAt(digits))) {
                digits++;
            }
            String actor = turn.substring(digits);
            if (digits > 6 || !actor.matches("[A-Za-z][A-Za-z0-9]*")) {
                throw new IllegalArgumentException("a schedule looks like 4A-2B-rcu-A, not '" + text + "'");
            }
            turns.add(new Turn(digits == 0 ? 1 : Integer.parseInt(turn.substring(0, digits)), actor));
        }
        return new Schedule(turns);
    }

    /// The schedule of those steps, one actor each.
    static Schedule ofSteps(List<String> actors) {
        List<Turn> turns = new ArrayList<>();
        for (int at = 0; at < actors.size(); ) {
            int end = at;
            while (end < actors.size() && actors.get(end).equals(actors.get(at))) {
                end++;
            }
            turns.add(new Turn(end - at, actors.get(at)));
            at = end;
        }
        return new Schedule(turns);
    }

    public int steps() {
        return turns.stream().mapToInt(Turn::steps).sum();
    }

    @Override
    public String toString() {
        return String.join("-", turns.stream().map(Turn::toString).toList());
    }
}
