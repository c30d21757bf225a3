package io.janklab.explore.text;

import io.janklab.program.Call;
import io.janklab.program.Confinement;
import io.janklab.program.Region;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One call of a litmus: `madvise @0 1p dontneed`, or `a = load @0`, whose answer is kept under a name.
///
/// @param result the name, or null
/// @param number which line of the file it is
public record Line(@Nullable String result, Call call, int number) {
    private static final String NAME = "[A-Za-z][A-Za-z0-9_-]*";

    static Line parse(String text, int number) {
        int equals = text.indexOf('=');
        String result = equals < 0 ? null : text.substring(0, equals).strip();
        if (result != null && !result.matches(NAME)) {
            throw new LitmusSyntax(number, "'" + result + "' cannot name an answer; names are letters, digits, - and _, a letter first.");
        }
        return new Line(result, call(text.substring(equals + 1), number), number);
    }

    private static Call call(String text, int number) {
        final Call call;
        try {
            call = Call.parse(text);
        } catch (IllegalArgumentException bad) {
            throw new LitmusSyntax(number, Objects.requireNonNull(bad.getMessage()));
        }
        if (!Confinement.permits(call)) {
            throw new LitmusSyntax(number, "this call could reach outside of the region @0 to @" + Region.PAGES + ".");
        }
        return call;
    }

    @Override
    public String toString() {
        return result == null ? call.toString() : result + " = " + call;
    }
}
