package io.janklab.workloads.cli;

import io.janklab.dashboards.report.text.TerminalWidth;
import io.janklab.dashboards.report.text.Wrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The texts of `--help`, broken at spaces alone: picocli itself breaks `measured.json` after its dot, and a URL after its scheme.
final class HelpText extends CommandLine.Help {
    /// A terminal's usual width.
    private static final int USUAL_WIDTH = 80;
    /// Longer names of options push their description into the next line.
    private static final int LONGEST_NAME = 24;
    /// What stands before the names: the short option and a comma.
    private static final int BEFORE_NAMES = 5;
    /// In a row of picocli's: the long names, and the description.
    private static final int NAMES = 3;
    private static final int DESCRIPTION = 4;

    private HelpText(CommandSpec command, ColorScheme scheme) {
        super(command, scheme);
    }

    /// For this command and all commands below it.
    static void of(CommandLine command) {
        command.setHelpFactory(HelpText::new);
        command.setUsageHelpWidth(width());
        shape(command);
    }

    private static int width() {
        return Math.min(USUAL_WIDTH, TerminalWidth.columns());
    }

    private static void shape(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.abbreviateSynopsis(true);
        usage.description(paragraphs(usage.description()));
        command.getSubcommands().values().forEach(HelpText::shape);
    }

    /// The first sentence, which the list of commands shows too, and the rest as one paragraph.
    private static String[] paragraphs(String... sentences) {
        if (sentences.length <= 1) {
            return sentences;
        }
        List<String> lines = new ArrayList<>(List.of(sentences[0]));
        lines.addAll(Wrap.lines(String.join(" ", Arrays.copyOfRange(sentences, 1, sentences.length)), width() - 1, ""));
        return lines.toArray(String[]::new);
    }

    @Override
    public Layout createDefaultLayout(List<OptionSpec> options, List<PositionalParamSpec> positionals, ColorScheme scheme) {
        int names = Math.min(LONGEST_NAME, longestName(scheme)) + 3;
        int room = width() - BEFORE_NAMES - names - 1;
        IOptionRenderer option = createDefaultOptionRenderer();
        IParameterRenderer parameter = createDefaultParameterRenderer();
        return new Layout(scheme, TextTable.forDefaultColumns(scheme, names, width()),
                (each, labels, colours) -> wrapped(option.render(each, labels, colours), room, colours),
                (each, labels, colours) -> wrapped(parameter.render(each, labels, colours), room, colours));
    }

    /// Over all sections, so that their columns are one.
    private int longestName(ColorScheme scheme) {
        IOptionRenderer renderer = createDefaultOptionRenderer();
        return commandSpec().options().stream().filter(option -> !option.hidden())
                .mapToInt(option -> renderer.render(option, parameterLabelRenderer(), scheme)[0][NAMES].plainString().length())
                .filter(length -> length <= LONGEST_NAME).max().orElse(0);
    }

    private static Text[] emptyRow(int columns, ColorScheme scheme) {
        return Stream.generate(() -> scheme.text("")).limit(columns).toArray(Text[]::new);
    }

    private static Text[][] wrapped(Text[][] rows, int room, ColorScheme scheme) {
        String description = Stream.of(rows).map(row -> row[DESCRIPTION]).filter(Objects::nonNull).map(Text::plainString)
                .filter(line -> !line.isBlank()).collect(Collectors.joining(" "));
        List<Text[]> lines = new ArrayList<>();
        for (String line : Wrap.lines(description, room, "")) {
            Text[] row = lines.isEmpty() ? rows[0].clone() : emptyRow(rows[0].length, scheme);
            row[DESCRIPTION] = scheme.text(line);
            lines.add(row);
        }
        return lines.toArray(Text[][]::new);
    }
}
