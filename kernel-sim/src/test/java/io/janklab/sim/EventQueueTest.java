package io.janklab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {
    private final Simulation simulation = new Simulation(1);
    private final List<String> fired = new ArrayList<>();

    private Event event(String name) {
        return new Event(simulation) {
            @Override
            protected void fire() {
                fired.add(name + "@" + simulation.now());
            }
        };
    }

    @Test
    void eventsFireInOrderOfTime() {
        event("late").schedule(30);
        event("early").schedule(10);
        event("middle").schedule(20);

        simulation.run(100);

        assertThat(fired).containsExactly("early@10", "middle@20", "late@30");
    }

    @Test
    void eventsOfOneInstantFireInTheOrderTheyWereScheduled() {
        for (int i = 0; i < 9; i++) {
            event("e" + i).schedule(5);
        }

        simulation.run(5);

        assertThat(fired).containsExactly("e0@5", "e1@5", "e2@5", "e3@5", "e4@5", "e5@5", "e6@5", "e7@5", "e8@5");
    }

    @Test
    void retiredEventDoesNotFireAndOthersKeepTheirNumbers() {
        Event retired = event("retired");
        retired.schedule(10);
        retired.retire();
        Event later = event("later");
        later.schedule(20);

        simulation.run(100);

        assertThat(fired).containsExactly("later@20");
        assertThat(later.number()).isEqualTo(retired.number() + 1);
        assertThatThrownBy(() -> simulation.event(retired.number())).hasMessageContaining("retired");
    }

    @Test
    void schedulingAQueuedEventMovesIt() {
        Event moved = event("moved");
        moved.schedule(10);
        event("other").schedule(20);
        moved.schedule(30);

        simulation.run(100);

        assertThat(fired).containsExactly("other@20", "moved@30");
    }

    @Test
    void cancelledEventNeverFires() {
        Event cancelled = event("cancelled");
        cancelled.schedule(10);
        cancelled.cancel();
        cancelled.cancel();

        simulation.run(100);

        assertThat(fired).isEmpty();
        assertThat(cancelled.isScheduled()).isFalse();
    }

    @Test
    void thePastCannotBeScheduled() {
        Event event = event("e");
        event.schedule(10);
        simulation.run(50);

        assertThatThrownBy(() -> event.schedule(49)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("50 ns");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithASortedSetUnderRandomScheduleMoveAndCancel(long seed) {
        record Expected(long time, long order, int id) {}

        RandomStream random = new RandomStreams(seed).stream("queue");
        TreeSet<Expected> model = new TreeSet<>(Comparator.comparingLong(Expected::time).thenComparingLong(Expected::order));
        Expected[] queued = new Expected[300];
        List<Integer> order = new ArrayList<>();
        Event[] events = new Event[queued.length];
        for (int i = 0; i < events.length; i++) {
            int id = i;
            events[i] = new Event(simulation) {
                @Override
                protected void fire() {
                    order.add(id);
                }
            };
        }
        for (long step = 0; step < 20_000; step++) {
            int id = random.nextInt(events.length);
            if (queued[id] != null) {
                model.remove(queued[id]);
                queued[id] = null;
            }
            if (random.chance(0.3)) {
                events[id].cancel();
            } else {
                long time = random.nextInt(1_000);
                events[id].schedule(time);
                queued[id] = new Expected(time, step, id);
                model.add(queued[id]);
            }
        }

        simulation.run(1_000);

        assertThat(order).as("seed %d", seed).isEqualTo(model.stream().map(Expected::id).toList());
    }
}
