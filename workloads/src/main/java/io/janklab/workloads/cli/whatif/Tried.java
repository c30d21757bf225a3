package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Catalogue;
import io.janklab.workloads.input.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The settings that `janklab advise` tries: those of `advise.yaml`, or of a file of the user's.
final class Tried {
    private static final String BUNDLED = "advise";
    private static final Catalogue CATALOGUE = new Catalogue("list of settings", "/io/janklab/workloads/cli/whatif", List.of(BUNDLED));

    private Tried() {}

    /// @param file null for the bundled ones
    /// @param check that throws [BadInput] of a setting that cannot be run; nothing else is done with it
    /// @throws io.janklab.workloads.input.BadInput if there is no such file, or a line of it is no setting
    static List<Side> read(@Nullable String file, Consumer<Side> check) {
        Settings settings = CATALOGUE.find(file == null ? BUNDLED : file);
        return settings.read(() -> {
            List<Side> sides = new ArrayList<>();
            for (String name : settings.keys()) {
                Side none = new Side(Map.of(Side.NAME, name));
                sides.add(settings.attempt(name, () -> side(name, settings.text(name), check).with(none.values()), none));
            }
            return sides;
        });
    }

    private static Side side(String name, String text, Consumer<Side> check) {
        Side side = Side.parse(name, text);
        try {
            check.accept(side);
        } catch (BadInput e) {
            throw e.without("--set: ");
        }
        return side;
    }

    /// The bundled ones, for a user to read.
    static String listed() {
        StringBuilder text = new StringBuilder();
        Map<String, String> comments = comments();
        read(null, _ -> { }).forEach(side -> {
            String name = side.values().get(Side.NAME);
            String set = side.values().entrySet().stream()
                    .filter(each -> !each.getKey().equals(Side.NAME)).map(Object::toString).collect(Collectors.joining(","));
            text.append(name).append(": ").append(set).append("\n    ").append(comments.get(name)).append('\n');
        });
        return text.toString();
    }

    /// The bundled file's description of each.
    static Map<String, String> comments() {
        return CATALOGUE.comments(BUNDLED);
    }
}
