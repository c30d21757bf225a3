package io.janklab.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Classes that know each other, directly or through others, are one idea in several files: such groups only become smaller.
final class ClassCyclesTest {
    /// How many classes each group has, by package. A smaller one is entered here; none grows, and none is added. Pairs need no entry.
    private static final Map<String, List<Integer>> GROUPS = Map.ofEntries(
            // A wait or a hold of a lock, its place in the lock's queue, and its task: linked both ways, so that the least urgent is found
            // without examining the others.
            Map.entry("dashboards.measure.mirror", List.of(5)),
            // A core, its tasks, its queue and the scheduler: Linux has them in one file, kernel/sched/sched.h.
            Map.entry("kernel.cpu", List.of(5)),
            // What Linux keeps in mm_types.h.
            Map.entry("kernel.mm.space", List.of(13)));

    @Test
    void groupsOfClassesThatKnowEachOtherDoNotGrow() {
        Map<String, List<Integer>> found = new TreeMap<>();
        for (Set<String> group : groups(edges())) {
            if (group.size() > 2) {
                found.computeIfAbsent(packageOf(group), _ -> new ArrayList<>()).add(group.size());
            }
        }
        found.values().forEach(sizes -> sizes.sort(Comparator.reverseOrder()));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(GROUPS);
    }

    private static String packageOf(Set<String> group) {
        String first = group.iterator().next();
        return first.substring("io.janklab.".length(), first.lastIndexOf('.'));
    }

    /// Which classes each top-level one names; nested ones count for theirs.
    private static Map<String, Set<String>> edges() {
        Map<String, Set<String>> edges = new TreeMap<>();
        for (JavaClass each : MainClasses.ALL) {
            Set<String> named = edges.computeIfAbsent(topLevel(each), _ -> new TreeSet<>());
            each.getDirectDependenciesFromSelf().stream().map(Dependency::getTargetClass).map(JavaClass::getBaseComponentType)
                    .filter(target -> target.getPackageName().startsWith("io.janklab")).map(ClassCyclesTest::topLevel)
                    .forEach(named::add);
        }
        return edges;
    }

    private static String topLevel(JavaClass each) {
        int nested = each.getName().indexOf('$');
        return nested < 0 ? each.getName() : each.getName().substring(0, nested);
    }

    /// The strongly connected components: two walks in depth, the second against the arrows in reverse order of leaving (Kosaraju).
    private static List<Set<String>> groups(Map<String, Set<String>> edges) {
        Map<String, Set<String>> backwards = new HashMap<>();
        edges.forEach((from, targets) -> targets.forEach(to -> backwards.computeIfAbsent(to, _ -> new TreeSet<>()).add(from)));
        Deque<String> left = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        edges.keySet().forEach(each -> walk(each, edges, seen, left));
        seen.clear();
        return left.stream().filter(each -> !seen.contains(each)).map(each -> {
            Deque<String> group = new ArrayDeque<>();
            walk(each, backwards, seen, group);
            return group.stream().collect(Collectors.toCollection(TreeSet::new));
        }).collect(Collectors.toList());
    }

    /// @param left gets what is reached and was not seen before, the last one left first
    private static void walk(String from, Map<String, Set<String>> edges, Set<String> seen, Deque<String> left) {
        if (seen.add(from)) {
            edges.getOrDefault(from, Set.of()).forEach(to -> walk(to, edges, seen, left));
            left.addFirst(from);
        }
    }
}
